"""Cases of the demonstration, on their way: invented workers, their stories as data, told through the real doors.

A story names days before today, so the cases are always fresh; they are told in the order of time, timers between them.
people: who they are · means, answers: what they hand in · pictures: their papers · acts, ways: what officers do ·
hardship, aid, matters, employment, rounds: the stories · stage: carries one act out ·
telling: everything in its order, once.
"""
