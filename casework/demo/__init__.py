"""A federation to try things on: real places, invented unions and people, one login for every role.

Each module has load(now), which adds what is missing and changes nothing that is there; `loading.py` names them in
order. Every number is synthetic: check digits are right, so forms take them, but they belong to nobody.
"""
