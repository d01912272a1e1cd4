"""Travel: a casebook with only what one journey needs, and what comes back in it."""
