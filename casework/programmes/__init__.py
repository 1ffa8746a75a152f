"""Programmes as data: loader, versions, parameters by region and date, named rules, lint, and the catalogue."""
