package dev.signalbox.tool;

/// A CDI bean whose methods are tools.
///
///     @ApplicationScoped
///     class Orders implements Toolbox {
///         record Order(String orderId) {}
///
///         @Tool("orders.lookup")
///         Json lookup(Order order, ToolContext context) { … }
///     }
///
/// A bean that implements this interface is found at start, whether or not anything else uses it.
public interface Toolbox {}
