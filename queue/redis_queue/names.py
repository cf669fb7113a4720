"""Names of the streams. The operator pool has keys of its own below `siaga112:`, so these stand apart."""

SMS_STREAM = "siaga112:stream:sms"
"""Raw PDUs as modems stored them."""

CALL_STREAM = "siaga112:stream:calls"
"""Facts about calls."""

TWILIO_STREAM = "siaga112:stream:twilio"
"""What Twilio posted: messages, and what became of ours."""
