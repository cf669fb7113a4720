-- Who gets whom. Operators are asked in tiers: 0 who takes calls, 1 supervisors, 2 who was paused for not answering, 3 who
-- asked during a call to go after it. The next tier is asked when the one before has nobody on duty for this caller, the
-- first three once the caller has waited long: so the last operator of a night is never lost to a pause that nobody asked
-- for, nor a line to the last one's wish.

-- Whether an operator who asked during a call to pause or to go has not gone yet.
local function stays(record)
  return record.leaving ~= '1' and call('SISMEMBER', key('staying'), record.extension) == 1
end

-- The tier of an operator for a caller; nil = takes none of this caller's calls, now or after the present one.
local function tier(record, caller)
  if listed(caller.exclude, record.extension) or not (listed(record.nodes, caller.node) and watching(caller.node)) then
    return nil
  end
  local state, reason = serves(record)
  if state == 'available' then
    return record.supervisor == '1' and 1 or 0
  elseif state == 'paused' and reason == 'no_answer' then
    return 2
  end
  return stays(record) and 3 or nil
end

local nearest = {}

-- The first tier that has anybody for this caller, or nil: nobody may ever take the call.
local function nearest_tier(caller)
  local alike = caller.node .. ' ' .. caller.exclude
  if nearest[alike] == nil then
    local lowest = false
    for _, extension in ipairs(call('SMEMBERS', key('operators'))) do
      local its = tier(operator(extension), caller)
      if its and (not lowest or its < lowest) then
        lowest = its
      end
      if lowest == 0 then
        break
      end
    end
    nearest[alike] = lowest
  end
  return nearest[alike] or nil
end

local function free_operators()
  local found = {}
  for _, state in ipairs({'available', 'wrap_up', 'paused'}) do
    for _, extension in ipairs(call('ZRANGE', key('state:' .. state), 0, -1)) do
      local record = operator(extension)
      if record.in_use == '' and (state ~= 'paused' or record.pause == 'no_answer') then
        found[#found + 1] = record
      end
    end
  end
  for _, extension in ipairs(call('SMEMBERS', key('staying'))) do
    local record = operator(extension)
    if record.call_id == '' and record.in_use == '' then
      found[#found + 1] = record
    end
  end
  return found
end

-- Whether the caller was talking with this operator a moment ago, who is free or still writing that down.
local function knows(record, caller, extension)
  return record.extension == extension and
    (record.state == 'available' or (record.state == 'wrap_up' and record.number == caller.number))
end

-- Smaller is better, position by position: who knows the caller, tier, free before wrapping up, skill, language, longest
-- idle, extension.
local function rank(record, caller, its_tier, known)
  return {
    known and 0 or 1,
    its_tier,
    record.state == 'wrap_up' and 1 or 0,
    listed(record.skills, caller.category) and 0 or 1,
    listed(record.languages, caller.language) and 0 or 1,
    tonumber(record.idle_since),
    record.extension
  }
end

local function better(one, other)
  for i = 1, #one do
    if one[i] ~= other[i] then
      return one[i] < other[i]
    end
  end
  return false
end

-- The best of the free operators for a caller, or nil.
local function choose(caller, free)
  local asked = nearest_tier(caller)
  if asked and now - caller.arrived >= times.overflow then
    asked = math.max(asked, 2)
  end
  local before = caller.number ~= '' and call('GET', key('talked:' .. caller.number))
  local best, best_rank
  for _, record in ipairs(free) do
    local its_tier = tier(record, caller)
    local known = its_tier ~= nil and knows(record, caller, before)
    if its_tier and (known or its_tier <= asked) then
      local its_rank = rank(record, caller, its_tier, known)
      if best == nil or better(its_rank, best_rank) then
        best, best_rank = record, its_rank
      end
    end
  end
  return best
end
