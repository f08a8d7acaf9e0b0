import { hash } from 'node:crypto';

/**
 * Takes from all buckets of a request or from none, by the clock of the server. What is counted is whole and below 2^53, as in
 * `bucket.ts`; `%.0f` writes all of its digits, which `tostring` does not.
 *
 * KEYS: the epoch of this count, then one for each bucket.
 * ARGV: the epoch that the asking replica knows; then for each bucket what it holds, what flows in each millisecond, what is taken, what
 * more is wanted as a lease, and what an earlier lease gives back.
 * Answer: 1, what is left in each bucket, and what of each is leased; or 0, the number of the bucket that has to be waited for longest, and
 * for how many milliseconds, -1 where it never holds as much; or -1 where the epoch is another, and nothing was taken.
 *
 * A bucket that is not there is full: it is kept for as long as it is not. In an epoch that follows another, every bucket begins empty, so
 * that nobody gets a burst twice. At most a quarter of what is left is leased.
 */
export const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('MGET', unpack(KEYS))
local epoch, since = string.match(held[1] or '', '^(%S+) %S+ (%-?%d+)$')
if epoch ~= ARGV[1] then return {-1, 0, 0} end
since = tonumber(since)
local function write(i, level, at)
  local capacity, inflow = tonumber(ARGV[5 * i - 8]), tonumber(ARGV[5 * i - 7])
  local full = math.ceil((capacity - level) / inflow) + at - now + 1000
  redis.call('SET', KEYS[i], string.format('%.0f %.0f', level, at), 'PX', string.format('%.0f', full))
end
local levels, after, at, waits, short = {}, {}, {}, 0, 0
for i = 2, #KEYS do
  local capacity, inflow = tonumber(ARGV[5 * i - 8]), tonumber(ARGV[5 * i - 7])
  local parts, back = tonumber(ARGV[5 * i - 6]), tonumber(ARGV[5 * i - 4])
  local level, from
  if held[i] then
    level, from = string.match(held[i], '^(%d+) (%d+)$')
    level, from = tonumber(level), tonumber(from)
  elseif since < 0 then
    level, from = capacity, now
  else
    level, from = 0, since
  end
  if now > from then
    local gained = (now - from) * inflow
    if gained >= capacity - level then level = capacity else level = level + gained end
  end
  if back >= capacity - level then level = capacity else level = level + back end
  levels[i] = level
  after[i] = level - parts
  at[i] = math.max(now, from)
  if after[i] < 0 then
    local missing = -after[i]
    local rest = missing % inflow
    local wait = parts > capacity and math.huge or (missing - rest) / inflow + (rest == 0 and 0 or 1)
    if short == 0 or wait > waits then short, waits = i - 1, wait end
  end
end
if short > 0 then
  for i = 2, #KEYS do
    if tonumber(ARGV[5 * i - 4]) > 0 then write(i, levels[i], at[i]) end
  end
  return {0, short, waits == math.huge and -1 or waits}
end
local answer = {1}
for i = 2, #KEYS do
  local extra = math.min(tonumber(ARGV[5 * i - 5]), math.floor(after[i] / 4))
  write(i, after[i] - extra, at[i])
  answer[i] = after[i] - extra
  answer[#KEYS - 1 + i] = extra
end
return answer
`;

/**
 * Begins to count, or counts on. A server that was started since then may hold less than it was told, or something older: that is another
 * epoch, whose buckets have other names and begin empty. So do they where nothing is there and this replica knows that something was.
 *
 * KEYS: the epoch. ARGV: what the server calls this run of its own, a name for a new epoch, 1 where the replica has counted here before.
 * Answer: the name of the epoch.
 */
export const beginScript = `
local epoch, run = string.match(redis.call('GET', KEYS[1]) or '', '^(%S+) (%S+) %-?%d+$')
if run == ARGV[1] then return epoch end
local since = -1
if run or ARGV[3] == '1' then
  local time = redis.call('TIME')
  since = time[1] * 1000 + math.floor(time[2] / 1000)
end
redis.call('SET', KEYS[1], ARGV[2] .. ' ' .. ARGV[1] .. ' ' .. string.format('%.0f', since))
return ARGV[2]
`;

/** How the server calls the script. */
export const takeDigest = hash('sha1', takeScript, 'hex');
