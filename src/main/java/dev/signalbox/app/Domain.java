package dev.signalbox.app;

import dev.signalbox.definition.CelExpressions;
import dev.signalbox.definition.CronExpressions;
import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.definition.HostTools;
import dev.signalbox.definition.RemoteDocuments;
import dev.signalbox.definition.Schemas;
import dev.signalbox.domain.job.CronTimes;
import dev.signalbox.domain.json.Redactor;
import dev.signalbox.domain.policy.Expressions;
import dev.signalbox.domain.policy.PolicyEvaluator;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// The pure core's services as beans.
@ApplicationScoped
class Domain {

    @Produces
    @Singleton
    CelExpressions expressions() {
        return new CelExpressions();
    }

    @Produces
    @Singleton
    Schemas schemas() {
        return new Schemas();
    }

    @Produces
    @Singleton
    DefinitionReader definitions(
            CelExpressions expressions,
            Schemas schemas,
            HostTools hostTools,
            RemoteDocuments remote) {
        return new DefinitionReader(expressions, schemas, hostTools, remote);
    }

    @Produces
    @Singleton
    Redactor redactor(RedactionSettings settings) {
        return settings.redactor();
    }

    @Produces
    @Singleton
    CronTimes crons() {
        return new CronExpressions();
    }

    @Produces
    @Singleton
    PolicyEvaluator policies(Expressions expressions) {
        return new PolicyEvaluator(expressions);
    }
}
