"""GSM modems: AT engine, SMS PDU codec, driver and simulator."""
