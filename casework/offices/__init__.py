"""Pages of those responsible for organisations, people and duties: the administrator's, and everybody's page on which
he names who stands in for him. The rules stand in casework.staffing.
"""
