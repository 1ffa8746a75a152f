"""Who works where: staff logins, dated duties, substitutes, and the organisations they work for. Rules only; the pages
stand in casework.offices.

scope: what an administrator reaches · apart: which roles go where, and which never together · logins, duties, cover,
unions: the changes, each with an event and a message to whom it concerns.
"""
