"""Programs that run under either library: each takes the library, and returns what it has seen.

A name that starts with an underscore is no program. What torch does by accident (it crashes in `gradcheck` where an
integer output comes before a float one) or says once a process is in none of them.
"""
