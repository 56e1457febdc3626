// The readable text of HTML.
#pragma once
#include <string>
#include <string_view>

namespace overture::mail {

/// What mail programs quote is left out: the blocks of Gmail, Outlook, Apple Mail, Yahoo, Thunderbird and
/// others that mark them. See html_to_text() in sanitize.hpp for the rest.
std::string html_to_new_text(std::string_view html);

}  // namespace overture::mail
