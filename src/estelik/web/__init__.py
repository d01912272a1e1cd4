"""The desk in the browser: a thin face of the casebook, on this computer alone.

One process holds it all, and the keys with it (``web.process``); what starts it holds none
(``web.serving``). Each page is one module with its template of the same name.
"""
