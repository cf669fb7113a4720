"""The composition root: from settings to the things that a process is made of. Nothing is built elsewhere."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from redis import Redis

from hardware.asterisk.ami import AmiAddress
from hardware.asterisk.layout import Layout
from hardware.asterisk.process import AMI_USER, ami_secret
from ivr.shared_pool import shared_pool
from redis_queue.connection import Durability, check_keeps, connect, connect_for_reading
from redis_queue.names import CALL_STREAM, SMS_STREAM, TWILIO_STREAM
from redis_queue.pool import OperatorPool
from redis_queue.streams import Stream
from siaga112 import log
from siaga112.paths import StatePaths, redis_url
from siaga112.settings import Settings
from tickets.calls.diversions import PrankPolicy
from tickets.calls.merging import CallContext
from tickets.classification import Catalogue, Classification
from tickets.database.store import Store
from tickets.site import Site


@dataclass(frozen=True)
class App:
    """One process's way to the installation's servers; each is opened when it is first asked for."""

    settings: Settings

    @cached_property
    def paths(self) -> StatePaths:
        """Where things are on disk."""
        return StatePaths(self.settings.site.state_dir)

    @cached_property
    def redis_url(self) -> str:
        """The configured Redis, else the private one."""
        return redis_url(self.settings)

    @cached_property
    def redis(self) -> Redis:
        """For short commands; threads may share it."""
        return connect(self.redis_url)

    def require_keeping_redis(self) -> None:
        """To be called before anything is deleted elsewhere because Redis has it.

        Raises `NotKeptError` when it forgets over a restart and the configuration does not allow that,
        `UnavailableError` when it does not answer.
        """
        kept = check_keeps(self.redis, allow_volatile=self.settings.redis.allow_volatile)
        if kept is not Durability.ALWAYS:
            log.get(__name__).warning("redis.may_lose", durability=kept.value, mend="set appendfsync always")

    @cached_property
    def reading_redis(self) -> Redis:
        """For reads that wait."""
        return connect_for_reading(self.redis_url)

    @cached_property
    def pool(self) -> OperatorPool:
        """The operators and the callers who wait for them."""
        return shared_pool(self.settings, self.redis)

    @cached_property
    def ami(self) -> AmiAddress:
        """The manager interface of this machine's Asterisk, or of the one that is not ours."""
        asterisk = self.settings.asterisk
        if asterisk.managed:
            return AmiAddress("127.0.0.1", asterisk.ami_port, AMI_USER, ami_secret(Layout.under(self.paths.state_dir)))
        return AmiAddress(
            asterisk.ami_host, asterisk.ami_port, asterisk.ami_user, asterisk.ami_secret.get_secret_value()
        )

    @cached_property
    def store(self) -> Store:
        """The database."""
        return Store.open(self.settings.store.url.get_secret_value() or f"sqlite:///{self.paths.database.absolute()}")

    @cached_property
    def sms_stream(self) -> Stream:
        """Raw PDUs as modems stored them."""
        return Stream(self.redis, SMS_STREAM)

    @cached_property
    def call_stream(self) -> Stream:
        """Facts about calls."""
        return Stream(self.redis, CALL_STREAM)

    @cached_property
    def twilio_stream(self) -> Stream:
        """What Twilio posted."""
        return Stream(self.redis, TWILIO_STREAM)

    @cached_property
    def site(self) -> Site:
        """The city as tickets know it."""
        return Site(self.settings.site.code, self.settings.tz)

    @cached_property
    def call_context(self) -> CallContext:
        """What a call's facts do not say."""
        routing = self.settings.routing
        return CallContext(
            self.site,
            self.settings.site.number,
            self.catalogue,
            self.settings.site.country,
            PrankPolicy(routing.prank_calls, timedelta(hours=routing.prank_divert_hours)),
        )

    @cached_property
    def catalogue(self) -> Catalogue:
        """The categories as tickets need them."""
        return Catalogue(
            tuple(
                Classification(category.code, category.label("id"), category.priority, category.agencies)
                for category in self.settings.categories
            )
        )
