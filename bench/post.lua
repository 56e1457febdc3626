-- One new opportunity a request, each on a host of its own run; CAMPAIGN names the campaign.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local campaign = os.getenv("CAMPAIGN")
local number = 0
local run = os.time()
function request()
  number = number + 1
  return wrk.format(nil, nil, nil, string.format(
    '{"url":"https://site%d.example.org/new-%d-%d","campaign":%s,"personalization":{"opportunity_name":"Fresh site %d"}}',
    number % 20000 + 1, run, number, campaign, number))
end
