package dev.signalbox.definition;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Finds which members of a variable an expression speaks of: `steps.pay` and `steps['pay']`.
final class CelMembers {

    private final String variable;
    private final Set<String> members = new LinkedHashSet<>();
    private boolean otherwise;

    private CelMembers(String variable) {
        this.variable = variable;
    }

    /// @param members by name, in the order of the expression
    /// @param otherwise whether it also speaks of the variable in a way that names no member
    record Use(List<String> members, boolean otherwise) {
        Use {
            members = List.copyOf(members);
        }
    }

    static Use of(CelExpr expression, String variable) {
        CelMembers found = new CelMembers(variable);
        found.visit(expression);
        return new Use(List.copyOf(found.members), found.otherwise);
    }

    private void visit(CelExpr expression) {
        switch (expression.getKind()) {
            case IDENT -> otherwise |= expression.ident().name().equals(variable);
            case SELECT -> {
                CelExpr.CelSelect select = expression.select();
                if (isVariable(select.operand())) {
                    members.add(select.field());
                } else {
                    visit(select.operand());
                }
            }
            case CALL -> call(expression.call());
            case LIST -> expression.list().elements().forEach(this::visit);
            case STRUCT ->
                    expression.struct().entries().forEach(entry -> visit(entry.value()));
            case MAP ->
                    expression
                            .map()
                            .entries()
                            .forEach(
                                    entry -> {
                                        visit(entry.key());
                                        visit(entry.value());
                                    });
            case COMPREHENSION -> {
                CelExpr.CelComprehension loop = expression.comprehension();
                visit(loop.iterRange());
                visit(loop.accuInit());
                visit(loop.loopCondition());
                visit(loop.loopStep());
                visit(loop.result());
            }
            case CONSTANT, NOT_SET -> {}
        }
    }

    private void call(CelExpr.CelCall call) {
        boolean index =
                call.function().equals("_[_]")
                        && call.args().size() == 2
                        && isVariable(call.args().getFirst())
                        && call.args().getLast().getKind() == CelExpr.ExprKind.Kind.CONSTANT
                        && call.args().getLast().constant().getKind()
                                == CelConstant.Kind.STRING_VALUE;
        if (index) {
            members.add(call.args().getLast().constant().stringValue());
        } else {
            call.target().ifPresent(this::visit);
            call.args().forEach(this::visit);
        }
    }

    private boolean isVariable(CelExpr expression) {
        return expression.getKind() == CelExpr.ExprKind.Kind.IDENT
                && expression.ident().name().equals(variable);
    }
}
