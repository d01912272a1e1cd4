"""Has the keys of whatever a command makes derived at once.

Python reads a module of this name when it begins, where PYTHONPATH names its folder; what begins another
process apart from the environment (the desk, the key holder) makes no keys.
"""

from contextlib import suppress

# Other programs of the same console know nothing of Estelik.
with suppress(ImportError):
    from estelik.vault import keys

    cheap = keys.Cost(memory=8, passes=1, lanes=1)
    vars(keys)["STANDARD"] = cheap
    # These were read together with what stood there before.
    for function in (keys.create, keys.change_passphrase):
        assert function.__defaults__ == (keys.Cost(),)
        function.__defaults__ = (cheap,)
