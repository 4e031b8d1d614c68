package dev.signalbox.observe;

import io.opentelemetry.api.common.AttributeKey;

/// Names on traces: OpenTelemetry's GenAI conventions where they have one, `signalbox.*` elsewhere.
public final class Telemetry {

    /// Name of the tracer and prefix of our own names.
    public static final String SCOPE = "signalbox";

    public static final String INVOKE_AGENT = "invoke_agent";
    public static final String INVOKE_WORKFLOW = "invoke_workflow";
    public static final String CHAT = "chat";
    public static final String EXECUTE_TOOL = "execute_tool";
    public static final String POLICY = "signalbox.policy";
    public static final String VERIFICATION = "signalbox.verification";
    public static final String APPROVAL = "signalbox.approval";

    public static final AttributeKey<String> OPERATION =
            AttributeKey.stringKey("gen_ai.operation.name");
    public static final AttributeKey<String> PROVIDER =
            AttributeKey.stringKey("gen_ai.provider.name");
    public static final AttributeKey<String> REQUEST_MODEL =
            AttributeKey.stringKey("gen_ai.request.model");
    public static final AttributeKey<String> RESPONSE_MODEL =
            AttributeKey.stringKey("gen_ai.response.model");
    public static final AttributeKey<Long> INPUT_TOKENS =
            AttributeKey.longKey("gen_ai.usage.input_tokens");
    public static final AttributeKey<Long> OUTPUT_TOKENS =
            AttributeKey.longKey("gen_ai.usage.output_tokens");
    public static final AttributeKey<Long> CACHE_READ_TOKENS =
            AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");
    public static final AttributeKey<Long> CACHE_WRITE_TOKENS =
            AttributeKey.longKey("gen_ai.usage.cache_creation.input_tokens");
    public static final AttributeKey<String> AGENT_NAME =
            AttributeKey.stringKey("gen_ai.agent.name");
    public static final AttributeKey<String> AGENT_ID = AttributeKey.stringKey("gen_ai.agent.id");
    public static final AttributeKey<String> WORKFLOW_NAME =
            AttributeKey.stringKey("gen_ai.workflow.name");
    public static final AttributeKey<String> WORKFLOW_ID =
            AttributeKey.stringKey("signalbox.workflow.id");
    public static final AttributeKey<String> TOOL_NAME = AttributeKey.stringKey("gen_ai.tool.name");
    public static final AttributeKey<String> TOOL_CALL_ID =
            AttributeKey.stringKey("gen_ai.tool.call.id");
    public static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    public static final AttributeKey<String> RUN_ID = AttributeKey.stringKey("signalbox.run.id");
    public static final AttributeKey<String> RUN_STATUS =
            AttributeKey.stringKey("signalbox.run.status");
    public static final AttributeKey<String> EFFECT_ID =
            AttributeKey.stringKey("signalbox.effect.id");
    public static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("signalbox.attempt");
    public static final AttributeKey<String> VERDICT =
            AttributeKey.stringKey("signalbox.policy.verdict");
    public static final AttributeKey<String> RULE = AttributeKey.stringKey("signalbox.policy.rule");
    public static final AttributeKey<String> APPROVAL_ID =
            AttributeKey.stringKey("signalbox.approval.id");
    public static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("signalbox.outcome");

    private Telemetry() {}
}
