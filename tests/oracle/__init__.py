"""An oracle for chronology: the contract worked out again, slowly, by other means than the engine's."""
