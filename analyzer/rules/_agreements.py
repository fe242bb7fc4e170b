"""Which agreement of the organisation speaks of which vendor, and where."""

from __future__ import annotations

from datetime import date

from analyzer.model import Agreement, Site, Vendor


def speaks_of(agreement: Agreement, vendor: Vendor, path: str) -> bool:
    """Does an agreement name a product or its owner, for files below its configuration?"""
    named = vendor.id in agreement.vendors or vendor.owner.lower() in {
        company.lower() for company in agreement.companies
    }
    return named and agreement.home.reaches(path)


def is_expired(agreement: Agreement, today: date) -> bool:
    """Was its last day before today?"""
    return agreement.expires is not None and agreement.expires < today


def has_expired_for(site: Site, vendor: Vendor, path: str) -> bool:
    """Is an agreement for a vendor over, and none in its place?"""
    today = site.policy.today
    known = [each for each in site.policy.agreements if speaks_of(each, vendor, path)]
    return any(is_expired(each, today) for each in known) and not any(
        each.in_force(today) for each in known
    )
