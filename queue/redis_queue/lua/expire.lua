-- Everything that time ends, and whoever became free to whoever waits.
--   returns  nothing
expire()
forget_nodes_never_watched()
assign()
return reply()
