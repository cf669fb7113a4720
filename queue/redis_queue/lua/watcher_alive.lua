-- Whether presence can be trusted.
--   returns  true or false
return reply(watched())
