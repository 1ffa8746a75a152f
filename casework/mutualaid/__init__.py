"""Mutual aid (domain §5.1): the cover of insured workers.

Plans are regional numbers (`mutual_plan`, `mutual_hospital`); cover is an entry of the register "cover" with the
plan and whether it is the first one. Claims are cases of the services `mutual_claim_…`.
"""
