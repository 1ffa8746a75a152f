"""Set-up, start and check of Casework on one machine: what stands behind `make`.

Everything here but `fonts` uses the standard library only, because it runs before the virtual environment exists.
    setup      virtual environment, packages, style sheets, fonts, translations
    database   tables and demonstration data
    serve      web server and worker under one roof
    run        the three above in turn: `make run`
    check      the whole test suite on every engine found: `make test`
    machine    what this machine has; what can be installed on it
    engines    the PostgreSQL, Redis and browser that the tests use
    stamps     which steps are already done
"""
