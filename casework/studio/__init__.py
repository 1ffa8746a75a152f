"""The studio: pages on which a policy officer reads, changes, checks, tries and publishes programmes.

home, programme: what there is. draft: one draft and its way to publication. questions: what each section of a draft
asks, as typed places in its content. changes: rows and steps added, taken away, moved. numbers: regional tables.
tryout: sample answers and every rule that fired. shadow: last year's cases under the draft.
"""
