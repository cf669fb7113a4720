"""What the program does by itself to know that its lines work."""

from pydantic import Field

from siaga112.settings.base import Table


class Monitoring(Table):
    """`[monitoring]`: test calls and test messages. They make no ticket and ring nobody."""

    call_minutes: int = Field(
        default=5,
        ge=0,
        le=1440,
        description="minutes between test calls to an Asterisk of ours, up to the choice of an operator; 0: none",
    )
    sms_hours: int = Field(
        default=0,
        ge=0,
        le=720,
        description="hours between test messages of each modem to its own number; each costs an SMS; 0: none",
    )
    sms_limit_minutes: int = Field(
        default=10, ge=1, le=1440, description="minutes until such a message that has not come is an alarm"
    )
