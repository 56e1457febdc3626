// What each subcommand does once its arguments are read. Each returns the exit status or throws: UsageError
// and base::Error `invalid_value` end the program with status 2, everything else with 1. What was asked for
// goes to standard output, everything said about it to standard error.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "app/config.hpp"
#include "app/settings.hpp"

namespace overture::app {

int run_serve(const Config& config);

int run_account_create(const Config& config, const std::string& name);

struct UserArguments {
  std::string account;
  std::string email;
  std::string first_name;
  std::string last_name;
  std::string role = "user";
  std::string status;
  std::int64_t project = 0;
  std::string key_name = "Command line";
};
/// The password comes from standard input, one line; a terminal is asked twice, without echo.
int run_user_create(const Config& config, const UserArguments& arguments);
int run_user_set(const Config& config, const UserArguments& arguments);
int run_user_grant(const Config& config, const UserArguments& arguments);
/// The key alone on one line of standard output.
int run_key_create(const Config& config, const UserArguments& arguments);

int run_migrate(const Config& config);
int run_backup(const Config& config, const std::string& file);
int run_restore(const Config& config, const std::string& file, bool force);
int run_maintenance(const Config& config, bool on);
int run_sending(const Config& config, bool on);

struct ImportArguments {
  std::string file;
  std::int64_t campaign = 0;
  bool merge = false;
};
int run_import_command(const Config& config, const ImportArguments& arguments);

struct MailArguments {
  std::vector<std::string> files;
  std::string unsubscribe = "subject";
  std::vector<std::string> own_addresses;
};
/// One line of JSON for each file; no database is touched. 1 when a file could not be read.
int run_mail_inspect(const MailArguments& arguments);

int run_doctor(const Config& config, const Settings& settings);
int run_config(const Settings& settings);
int run_version();

}  // namespace overture::app
