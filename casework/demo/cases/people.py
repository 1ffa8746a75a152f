"""Invented workers whose cases stand on the desks. They have logins, as everybody who applies online, but no password
that works, and the login page does not offer them."""
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.access.models import User
from casework.demo.accounts import OFFICES
from casework.demo.people import FAMILIES, Someone, find_or_make
from casework.people.kin import declare
from casework.people.models import Relation

HERE = "611002"
SPOUSE, CHILD, PARENT = Relation.SPOUSE, Relation.CHILD, Relation.PARENT


class Worker(NamedTuple):
    """One worker with the people he lives with. union: key of his organisation."""

    login: str
    union: str
    family: tuple[Someone, ...]

    @property
    def me(self) -> Someone:
        """The worker himself."""
        return self.family[0]


def _worker(login: str, union: str, *family: tuple[str, str, int, str] | tuple[str, str, int]) -> Worker:
    """family: name, day of birth, serial (odd for a man), relation; the worker first."""
    return Worker(login, union, tuple(Someone(name, HERE, born, *rest) for name, born, *rest in family))


WORKERS = (
    # The logins of the login page that have cases of their own.
    Worker("applicant3", "express", FAMILIES["applicant3"]),
    Worker("applicant4", "school", FAMILIES["applicant4"]),
    Worker("applicant5", "fungus", FAMILIES["applicant5"]),
    # With a dossier in force, and an aid that rests on it.
    _worker("xu_guilan", "textile", ("徐桂兰", "19740518", 402), ("高树林", "19720911", 403, SPOUSE),
            ("高小雪", "20091203", 404, CHILD)),
    _worker("du_xiuzhen", "school", ("杜秀珍", "19850714", 412), ("杜福来", "19550302", 413, PARENT)),
    _worker("shi_baocheng", "textile", ("史保成", "19700109", 415), ("田春梅", "19731020", 416, SPOUSE)),
    # On their way to a dossier.
    _worker("jiang_lihua", "textile", ("姜丽华", "19820331", 422), ("姜雨桐", "20110128", 424, CHILD)),
    _worker("ma_changshun", "machine", ("马长顺", "19760807", 425), ("柳玉芹", "19780419", 426, SPOUSE),
            ("马思齐", "20080722", 427, CHILD)),
    _worker("bai_yulan", "school", ("白雨兰", "19871114", 428), ("白建业", "19540630", 429, PARENT)),
    _worker("hu_desheng", "textile", ("胡德胜", "19690205", 431), ("邹桂英", "19701117", 432, SPOUSE)),
    _worker("yao_meiling", "express", ("姚美玲", "19920827", 434), ("姚一鸣", "20160510", 435, CHILD)),
    _worker("xie_guifang", "textile", ("谢桂芳", "19770616", 442), ("谢长海", "19500808", 443, PARENT)),
    _worker("luo_jianping", "machine", ("骆建平", "19750421", 445), ("方巧玲", "19760912", 446, SPOUSE)),
    _worker("tan_xiaohong", "express", ("谭小红", "19880130", 448), ("谭佳怡", "20140606", 450, CHILD)),
    _worker("cui_yongfu", "textile", ("崔永福", "19710919", 451), ("崔浩然", "20071225", 453, CHILD)),
    _worker("liu_dongmei", "textile", ("柳冬梅", "19801107", 456), ("段文涛", "19790705", 457, SPOUSE)),
    # After a sudden event, without a dossier.
    _worker("xu_qingping", "machine", ("许庆平", "19720615", 459)),
    _worker("fan_jianjun", "machine", ("樊建军", "19790226", 407)),
    _worker("ding_zhiqiang", "machine", ("丁志强", "19811203", 437)),
    _worker("gu_weimin", "machine", ("顾卫民", "19830318", 461)),
    _worker("an_cuihua", "textile", ("安翠花", "19860924", 462)),
    _worker("kong_fanlin", "express", ("孔凡林", "19940107", 463)),
    _worker("fu_yuqin", "school", ("付玉琴", "19810802", 464)),
    # Who joins a union.
    _worker("niu_xiaojun", "textile", ("牛小军", "19990412", 465)),
    _worker("zou_lan", "express", ("邹岚", "19970518", 466)),
    _worker("sheng_hao", "chengguan", ("盛浩", "19951130", 467)),
    _worker("qu_fangfang", "chengguan", ("曲芳芳", "19980203", 468)),
    _worker("he_xiaoping", "machine", ("贺小平", "19930716", 469)),
)
BY_LOGIN = {worker.login: worker for worker in WORKERS}
# (login of an officer, login of the worker he is related to): his desk shows the case, and it is not his to decide.
BROTHERS = (("approver", "xu_qingping"),)


def load(now: datetime) -> None:
    """Add the workers' logins, and what the officers declare of their relatives."""
    User.objects.bulk_create([
        User(username=one.login, first_name=one.me.name, password=make_password(None), person=find_or_make(one.me, now))
        for one in WORKERS if not one.login.startswith("applicant")
    ])
    for officer, worker in BROTHERS:
        someone = next(account.someone for account in OFFICES if account.username == officer)
        stamp = stamp_of(SYSTEM, None, "command")
        declare(find_or_make(someone, now), BY_LOGIN[worker].me.id_no, Relation.SIBLING, stamp, now)
