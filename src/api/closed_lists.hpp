// Closed lists that several answers show. A list that one file alone knows stands there.
#pragma once
#include <string_view>
#include <vector>

namespace overture::api {

/// Of projects and campaigns.
inline constexpr std::string_view kLifeStatuses[] = {"active", "archived", "deleted"};
inline constexpr std::string_view kTagTypes[] = {"campaign", "opportunity"};
inline constexpr std::string_view kMailAccountStatuses[] = {"active", "disconnected", "paused", "error",
                                                            "deleted"};
inline constexpr std::string_view kMailStatuses[] = {"draft",     "review",  "scheduled", "sending",
                                                     "sent",      "bounced", "failed",    "unknown",
                                                     "cancelled", "skipped"};
inline constexpr std::string_view kFormStatuses[] = {"pending", "submitted", "failed", "cancelled"};
inline constexpr std::string_view kInboundStatuses[] = {"unmatched", "partial", "new",
                                                        "read",      "snoozed", "archived"};
inline constexpr std::string_view kReplyStatuses[] = {"scheduled", "sent", "cancelled", "failed", "unknown"};

/// As JSON Schema: what a job counts, and the rows it could not use.
inline constexpr std::string_view kCountsSchema =
    R"({"type": "object", "additionalProperties": {"type": "integer"}})";
inline constexpr std::string_view kRowErrorsSchema =
    R"({"type": "array", "items": {"type": "object", "properties": {"row": {"type": "integer"},
        "message": {"type": "string"}}, "required": ["row", "message"], "additionalProperties": false}})";

/// workflow_status and stage_status, each name once.
const std::vector<std::string_view>& workflow_statuses();
const std::vector<std::string_view>& stage_statuses();
/// Of jobs.
const std::vector<std::string_view>& job_states();

}  // namespace overture::api
