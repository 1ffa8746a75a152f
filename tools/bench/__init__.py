"""What Casework costs, measured beside hand-written SQL in the same run: `make bench`.

Ratios count; seconds are one machine's. Nothing here asserts a time. The figures stand in docs/explanation/costs.md.
    town       the few people and the programme that are measured with
    lifecycle  one case through the door: handed in and six transitions by three people
    rows       which rows such a case writes, read off the tables
    by_hand    SQL that writes the same rows, one statement a transition
    bulk       one decision for many cases, both ways
    measure    runs it all in a throw-away database
"""
