-- Who the operators are. Wishes, reachability and states of those who stay are kept; who left with a call goes after it.
--   ARGV[3]  JSON list of {extension, name, languages, skills, supervisor, auto_login}
--   returns  nothing
local named = {}
call('DEL', key('offered'))
local function offer(kind, list)
  for each in string.gmatch(list, '[^,]+') do
    call('SADD', key('offered'), kind .. each)
  end
end
for _, profile in ipairs(cjson.decode(ARGV[3])) do
  local extension = profile.extension
  named[extension] = true
  offer('skill:', profile.skills)
  offer('language:', profile.languages)
  if operator(extension) == nil then
    call('SADD', key('operators'), extension)
    call('ZADD', key('state:offline'), now, extension)
    call('HSET', key('operator:' .. extension), 'duty', '', 'nodes', '', 'pause', '', 'state', 'offline',
      'call_id', '', 'reason', 'off_duty', 'since', now, 'idle_since', now, 'no_answer', '0')
  end
  call('HSET', key('operator:' .. extension), 'name', profile.name, 'languages', profile.languages,
    'skills', profile.skills, 'supervisor', profile.supervisor, 'auto_login', profile.auto_login, 'leaving', '0')
  records[extension] = nil
  resettle_gently(operator(extension), 'roster')
end
for _, extension in ipairs(call('SMEMBERS', key('operators'))) do
  if not named[extension] then
    local record = operator(extension)
    keep(record, 'leaving', '1')
    resettle(record, 'roster')
  end
end
assign()
return reply()
