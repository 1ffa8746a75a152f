"""Running cases go on under another version of their programme: planned, tried out, signed by two, done, undone.

mapping: what becomes of a step and of an answer. picture: a case as a trial compares it. carry: the move itself, an
action of the door. back: its undoing. plans: what policy officers do. work: the chunks in the background.
"""
