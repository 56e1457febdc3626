"""What a person would type into the requests of a Postman collection: ids of the demo workspace, and bodies."""
import copy
import datetime
import json

from support import wait_until

LOGIN = {"account_name": "demo", "email": "demo@example.com", "password": "overture-demo"}


def prepare(server):
    """Logs in, and makes what the requests work on, so that nothing of it depends on what the demo invents."""
    status, login = server.call("POST", "/api/auth/refresh_token", LOGIN)
    assert status == 200, login
    token = login["access_token"]

    def call(method, target, body=None):
        status, answer = server.call(method, target, body, token)
        assert status == 200, (method, target, answer)
        return answer

    world = {"token": token, "refresh_token": login["refresh_token"]}
    world["project"] = call("GET", "/api/projects?limit=1")["items"][0]["id"]
    world["import"] = call("POST", "/api/campaigns/import", {
        "name": "From a collection", "project": world["project"],
        "import_json": [{"url": f"https://site{n}.postman.example/", "email": f"ann@site{n}.postman.example"}
                        for n in range(3)]})["id"]
    wait_until(lambda: call("GET", f"/api/campaigns/{world['import']}/progress")["state"] == "completed")
    campaigns = call("GET", "/api/campaigns?limit=100")["items"]
    for kind, word in (("backlink", "backlink"), ("discovery", "discovery")):
        world[kind] = next(c["id"] for c in campaigns if c["type"] == word and c["status"] == "active")
    found = call("GET", f"/api/opportunities?campaign.id={world['import']}&include_contacts=true")["items"]
    world["opportunity"] = found[0]["id"]
    world["contact"] = call("GET", "/api/contacts?limit=1")["items"][0]["id"]
    # A contact to take off again, beside the one that stays.
    call("POST", f"/api/opportunities/{world['opportunity']}/contacts", {"email": "second@postman.example"})
    world["leaving"] = next(c["id"] for c in call("GET", "/api/contacts?q=" + "email=second@postman.example")["items"])
    for kind in ("campaign", "opportunity"):
        world[f"{kind}_tag"] = call("POST", "/api/tags", {"name": f"Collected {kind}", "type": kind})["id"]
    world["custom_field"] = next(f["id"] for f in call("GET", "/api/custom_fields")["items"] if f["type"] == "text")
    world["personalization"] = call("GET", f"/api/personalization?project.id={world['project']}")["items"][0]["id"]
    world["milestone"] = call("GET", "/api/milestones")["items"][1]["id"]
    world["automation"] = call("POST", "/api/automations", {
        "name": "First letter", "trigger_event": "launch_call", "actions": [{"type": "launch"}]})["id"]
    world["template"] = call("POST", "/api/metric_filter_templates", {"name": "Strong", "visibility": "global"})["id"]
    return world


def bodies(world):
    """By method and path; what is not here has no body."""
    project = {"project": world["project"]}
    return {
        ("POST", "/api/auth/access_token"): {"refresh_token": world["refresh_token"]},
        ("POST", "/api/auth/refresh_token"): LOGIN,
        ("PUT", "/api/contacts/{id}"): {"first_name": "Ann", "last_name": "Lee"},
        ("PUT", "/api/campaigns/{id}"): {"name": "From Postman"},
        ("POST", "/api/campaigns/{campaign}/tags"): {"tag": world["campaign_tag"]},
        ("POST", "/api/campaigns/{campaign}/import"): {"import_json": [{"url": "https://more.postman.example/"}]},
        ("POST", "/api/campaigns/import"): {"name": "Rows", **project, "import_json": [{"url": "https://row.example/"}]},
        ("POST", "/api/campaigns/{campaign}/backlink"): {"input": ["https://rival.example/"]},
        ("POST", "/api/campaigns/{campaign}/discovery"): {"input": ["goat cheese"]},
        ("POST", "/api/campaigns/backlink"): {"name": "Links", **project, "input": ["https://rival.example/"],
                                              "backlink_type": "majestic"},
        ("POST", "/api/campaigns/discovery"): {"name": "Search", **project, "input": ["goat cheese"],
                                               "discovery_type": "guest_posts"},
        ("PUT", "/api/campaigns/{campaign}/outreach_settings"): {"daily_limit": 20},
        ("POST", "/api/metric_filter_templates"): {"name": "Weak", "visibility": "global"},
        ("PUT", "/api/metric_filter_templates/{id}"): {"name": "Stronger", "visibility": "global"},
        ("PUT", "/api/opportunities/{id}"): {"milestone": world["milestone"]},
        ("POST", "/api/opportunities"): {"url": "https://one.postman.example/", "campaign": world["import"]},
        ("POST", "/api/opportunities/{opportunity}/contacts"): {"email": "third@postman.example"},
        ("POST", "/api/opportunities/{opportunity}/tags"): {"tag": world["opportunity_tag"]},
        ("POST", "/api/opportunities/{opportunity}/notes"): {"content": "Seen in a collection."},
        ("POST", "/api/opportunities/{opportunity}/custom_fields"): {"custom_field": world["custom_field"], "value": "x"},
        ("POST", "/api/opportunities/{opportunity}/personalization"):
            {"personalization_field": world["personalization"], "value": "x"},
        ("POST", "/api/tasks"): {**project, "name": "Look at it"},
        ("POST", "/api/unsubscribe"): {"email_address": "never@postman.example"},
        ("POST", "/api/automations/{automation}/launch"): {"opportunity_ids": [world["opportunity"]]},
    }


def path_values(path, world):
    """What stands for the parts in braces."""
    resource = path.split("/")[2]
    by_resource = {"contacts": "contact", "campaigns": "import", "metric_filter_templates": "template",
                   "opportunities": "opportunity"}
    special = {"/api/campaigns/{campaign}/backlink": "backlink", "/api/campaigns/{campaign}/discovery": "discovery"}
    tag = "campaign_tag" if resource == "campaigns" else "opportunity_tag"
    values = {"campaign": world[special.get(path, "import")], "tag": world[tag], "opportunity": world["opportunity"],
              "contact": world["leaving"], "automation": world["automation"]}
    if resource in by_resource:
        values["id"] = world[by_resource[resource]]
    return values


def fill(item, key, world):
    """The request of the collection with its variables set, the parameters that must be given, and a body."""
    method, path = key
    item = copy.deepcopy(item)
    request, url = item["request"], item["request"]["url"]
    values = path_values(path, world)
    for variable in url.get("variable", []):
        variable["value"] = str(values[variable["key"]])
    today = datetime.datetime.now(datetime.timezone.utc).date()
    given = {"/api/outreach_emails": {"sent_at_from": str(today - datetime.timedelta(days=20)), "sent_at_to": str(today)},
             "/api/personalization": {"project.id": str(world["project"])},
             "/api/tasks": {"project.id": str(world["project"])} if method == "GET" else {}}.get(path, {})
    for parameter in url.get("query", []):
        if parameter["key"] in given:
            parameter.update(value=given.pop(parameter["key"]), disabled=False)
        else:
            assert parameter.get("disabled"), f"{path} needs {parameter['key']}"
    assert not given, f"{path} has no {given}"
    body = bodies(world).get(key)
    assert (body is not None) == bool(request.get("body")), key
    if body is not None:
        request["body"]["raw"] = json.dumps(body)
    item["event"] = []
    return item
