package dev.signalbox.store.postgres;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision;
import dev.signalbox.domain.approval.Approval.Status;
import dev.signalbox.wire.JsonCodec;
import dev.signalbox.wire.RecordCodec;
import java.util.List;

/// An approval as it was opened, as text. Where it stands now is not part of it.
final class ApprovalContent {

    private ApprovalContent() {}

    static String of(Approval approval) {
        return RecordCodec.encode(approval.with(Status.PENDING, List.of())).canonical();
    }

    static Approval read(String content, String status, List<Decision> decisions) {
        return RecordCodec.decode(Approval.class, JsonCodec.parse(content))
                .with(Sql.constant(Status.class, status), decisions);
    }
}
