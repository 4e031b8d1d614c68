package dev.signalbox.operator.console;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/// The templates.
@CheckedTemplate(basePath = "console")
final class Pages {

    private Pages() {}

    static native TemplateInstance inbox(Frame frame, InboxPage page);

    static native TemplateInstance runs(Frame frame, RunsPage page);

    static native TemplateInstance run(Frame frame, RunPage page);

    static native TemplateInstance pruned(Frame frame, PrunedPage page);

    static native TemplateInstance events(Frame frame, EventsPage page);

    static native TemplateInstance approvals(Frame frame, ApprovalsPage page);

    static native TemplateInstance approval(Frame frame, ApprovalPage page);

    static native TemplateInstance jobs(Frame frame, JobsPage page);

    static native TemplateInstance job(Frame frame, JobPage page);

    static native TemplateInstance diff(Frame frame, DiffPage page);

    static native TemplateInstance trouble(Frame frame, TroublePage page);

    static native TemplateInstance news(News news);
}
