package dev.signalbox.crash;

import dev.signalbox.runtime.BareEngine.Surroundings;

/// What a trial is run with: the engine as it is, or one that is broken on purpose.
interface Rig {

    /// The engine and the store as they are.
    Rig SOUND = new Rig() {};

    /// What a process of the trial believes to have around it.
    default Surroundings process(Surroundings around) {
        return around;
    }

    /// The store that the processes reach.
    default Lab store(Lab lab) {
        return lab;
    }
}
