-- Everything that time ends, and whoever became free to whoever waits.
--   returns  nothing
expire()
assign()
return reply()
