#include "app/command_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <functional>
#include <iostream>

#include "app/commands.hpp"
#include "base/error.hpp"

namespace overture::app {
namespace {

/// What the flags said, shared by all subcommands: only one of them runs.
struct Given {
  std::map<std::string, std::string, std::less<>> flags;
  std::optional<std::filesystem::path> file;
  UserArguments user;
  ImportArguments import;
  MailArguments mail;
  std::string name;
  std::string path;
  std::string state;
  bool force = false;
  std::function<int(const Settings&)> run;
};

bool is_for_servers(std::string_view setting) {
  return setting != "data" && setting != "database" && setting != "log-level" && setting != "log-format" &&
         setting != "secret-key";
}

void add_settings(CLI::App* command, Given& given, bool all) {
  for (const Setting& setting : all_settings()) {
    if (!all && is_for_servers(setting.name)) continue;
    const std::string name(setting.name);
    const std::string flag = "--" + name;
    if (setting.placeholder.empty()) {
      command->add_flag_callback(
          flag, [&given, name] { given.flags[name] = "true"; }, std::string(setting.help));
      continue;
    }
    std::string help(setting.help);
    if (!setting.fallback.empty()) help += fmt::format(" [{}]", setting.fallback);
    command
        ->add_option_function<std::string>(
            flag, [&given, name](const std::string& value) { given.flags[name] = value; }, help)
        ->type_name(std::string(setting.placeholder));
  }
  command
      ->add_option_function<std::string>(
          "--config", [&given](const std::string& value) { given.file = value; },
          "file of `key = value` lines [./overture.conf where there is one]")
      ->type_name("FILE");
}

/// The tree of subcommands; what is chosen ends up in Given::run.
class CommandTree {
 public:
  CommandTree(CLI::App& app, Given& given) : app_(app), given_(given) {}

  void build() {
    build_server();
    build_people();
    build_data();
    build_mail();
    build_installation();
  }

 private:
  using Run = std::function<int(const Config&)>;

  CLI::App* group(const std::string& name, const std::string& about) {
    CLI::App* command = app_.add_subcommand(name, about);
    command->require_subcommand(1);
    return command;
  }

  CLI::App* add(CLI::App* parent, const std::string& name, const std::string& about,
                const std::string& example, Run run, bool all_settings = false) {
    CLI::App* command = parent->add_subcommand(name, about);
    command->footer("Example:\n  " + example);
    add_settings(command, given_, all_settings);
    command->callback([this, run] {
      given_.run = [run](const Settings& settings) {
        const Config config = make_config(settings);
        base::configure_log(config.log_level, config.log_format);
        return run(config);
      };
    });
    return command;
  }

  void add_user_options(CLI::App* command) {
    command->add_option("--account", given_.user.account, "name of the account")
        ->required()
        ->type_name("NAME");
    command->add_option("--email", given_.user.email, "address of the user")
        ->required()
        ->type_name("ADDRESS");
  }

  void build_server();
  void build_people();
  void build_data();
  void build_mail();
  void build_installation();

  CLI::App& app_;
  Given& given_;
};

void CommandTree::build_server() {
  add(&app_, "serve", "Answer requests until SIGTERM or SIGINT",
      "overture serve --demo --listen 127.0.0.1:8080", run_serve, true);
}

void CommandTree::build_people() {
  CLI::App* account = group("account", "Accounts: one for each team, closed to each other");
  CLI::App* create = add(account, "create", "Make an account with milestones and fields to begin with",
                         "overture account create superman",
                         [this](const Config& config) { return run_account_create(config, given_.name); });
  create->add_option("name", given_.name, "name people log in with")->required()->type_name("NAME");

  CLI::App* user = group("user", "Users of an account");
  create = add(user, "create", "Make a user; the password is read from standard input",
               "overture user create --account superman --email ada@example.com --first-name Ada --last-name "
               "Lovelace --role admin",
               [this](const Config& config) { return run_user_create(config, given_.user); });
  add_user_options(create);
  create->add_option("--first-name", given_.user.first_name)->required()->type_name("TEXT");
  create->add_option("--last-name", given_.user.last_name)->required()->type_name("TEXT");
  create
      ->add_option("--role", given_.user.role,
                   "admin, user, inspector, personalizer or inspector_personalizer [user]")
      ->type_name("ROLE");

  CLI::App* set = add(user, "set", "Let a user in or lock them out",
                      "overture user set --account superman --email ada@example.com --status inactive",
                      [this](const Config& config) { return run_user_set(config, given_.user); });
  add_user_options(set);
  set->add_option("--status", given_.user.status, "active or inactive")->required()->type_name("STATUS");

  CLI::App* grant = add(user, "grant", "Let a user who is no admin see a project",
                        "overture user grant --account superman --email ada@example.com --project 1",
                        [this](const Config& config) { return run_user_grant(config, given_.user); });
  add_user_options(grant);
  grant->add_option("--project", given_.user.project, "number of the project")->required()->type_name("ID");

  CLI::App* key = group("key", "API keys");
  create = add(key, "create", "Make an API key; it is printed once, alone on standard output",
               "overture key create --account superman --email ada@example.com",
               [this](const Config& config) { return run_key_create(config, given_.user); });
  add_user_options(create);
  create->add_option("--name", given_.user.key_name, "what the key is for [Command line]")->type_name("TEXT");
}

void CommandTree::build_data() {
  CLI::App* import = add(&app_, "import", "Import a CSV file of prospects into an import campaign",
                         "overture import prospects.csv --campaign 3",
                         [this](const Config& config) { return run_import_command(config, given_.import); });
  import->add_option("file", given_.import.file, "CSV, UTF-8; the first row names the columns")
      ->required()
      ->type_name("FILE");
  import->add_option("--campaign", given_.import.campaign, "number of the campaign")
      ->required()
      ->type_name("ID");
  import->add_flag("--merge", given_.import.merge, "fill empty fields of prospects that are there already");

  CLI::App* backup = add(&app_, "backup", "Copy the database, also while the server runs",
                         "overture backup overture-monday.db",
                         [this](const Config& config) { return run_backup(config, given_.path); });
  backup->add_option("file", given_.path, "a name that is free")->required()->type_name("FILE");

  CLI::App* restore = add(&app_, "restore", "Make a backup the database; sending is paused then",
                          "overture restore overture-monday.db --force", [this](const Config& config) {
                            return run_restore(config, given_.path, given_.force);
                          });
  restore->add_option("file", given_.path, "made by overture backup")->required()->type_name("FILE");
  restore->add_flag("--force", given_.force, "replace the database that is there");
}

void CommandTree::build_mail() {
  CLI::App* mail = group("mail", "Messages in files");
  // Without settings: it needs no configuration and may look at mails of any machine.
  CLI::App* inspect = mail->add_subcommand(
      "inspect", "Tell what messages are: one line of JSON each, as a mailbox poll would see them");
  inspect->footer(
      "Example:\n  overture mail inspect bounce.eml reply.eml\n  overture mail inspect - < mail.eml");
  inspect->add_option("file", given_.mail.files, "messages as they came (RFC 5322); - is standard input")
      ->required()
      ->type_name("FILE...");
  inspect
      ->add_option("--unsubscribe", given_.mail.unsubscribe,
                   "where a wish to be written to no more is looked for [subject, as mail accounts have it]")
      ->check(CLI::IsMember({"subject", "anywhere", "off"}))
      ->type_name("subject|anywhere|off");
  inspect
      ->add_option("--own", given_.mail.own_addresses,
                   "an address of ours, in lower case: mails from it are own_copy; may be repeated")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("ADDRESS");
  inspect->callback(
      [this] { given_.run = [this](const Settings&) { return run_mail_inspect(given_.mail); }; });
}

void CommandTree::build_installation() {
  add(&app_, "migrate", "Make the database or bring it to this version", "overture migrate", run_migrate);

  auto add_switch = [this](const char* name, const char* about, int (*run)(const Config&, bool)) {
    CLI::App* command = add(&app_, name, about, fmt::format("overture {} on", name),
                            [this, run](const Config& config) { return run(config, given_.state == "on"); });
    command->add_option("state", given_.state, "on or off")
        ->required()
        ->check(CLI::IsMember({"on", "off"}))
        ->type_name("on|off");
  };
  add_switch("maintenance", "Answer every request with 503, or no longer", run_maintenance);
  add_switch("sending", "Let mail and webhooks leave, or hold them back", run_sending);

  auto add_told_settings = [this](const char* name, const char* about, int (*run)(const Settings&)) {
    CLI::App* command = app_.add_subcommand(name, about);
    command->footer(fmt::format("Example:\n  overture {}", name));
    add_settings(command, given_, true);
    command->callback([this, run] { given_.run = run; });
  };
  add_told_settings("doctor", "Check the machine, the settings and the database",
                    [](const Settings& settings) { return run_doctor(make_config(settings), settings); });
  add_told_settings("config", "Show each setting and where it comes from", run_config);
  CLI::App* version = app_.add_subcommand("version", "Show the version");
  version->footer("Example:\n  overture version");
  version->callback([this] { given_.run = [](const Settings&) { return run_version(); }; });
}

int run_chosen(const Given& given) {
  Settings::Sources sources;
  sources.flags = given.flags;
  sources.file = given.file;
  sources.environment = find_environment;
  if (!sources.file) sources.file = find_environment("OVERTURE_CONFIG");
  return given.run(Settings::load(sources));
}

/// Runs it, says what went wrong.
int run_and_report(const Given& given) {
  try {
    return run_chosen(given);
  } catch (const UsageError& error) {
    fmt::print(stderr, "overture: {}\n", error.what());
    return 2;
  } catch (const base::Error& error) {
    fmt::print(stderr, "overture: {}\n", error.what());
    return error.code() == base::ErrorCode::invalid_value ? 2 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "overture: {}\n", error.what());
    return 1;
  }
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app("Overture: a self-hosted outreach server", "overture");
  app.require_subcommand(1);
  app.footer("Each command has --help. Settings come from flags, OVERTURE_* variables, a file, defaults.");
  Given given;
  CommandTree tree(app, given);  // The callbacks refer to it.
  tree.build();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    if (problem.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(problem);
    fmt::print(stderr, "overture: {}\nRun it with --help to see what it takes.\n", problem.what());
    return 2;
  }
  int status = run_and_report(given);
  std::cout.flush();
  // An answer that never arrived is a failure, also when everything before went well.
  if ((std::fflush(stdout) != 0 || !std::cout) && status == 0) {
    fmt::print(stderr, "overture: standard output could not be written\n");
    status = 1;
  }
  return status;
}

}  // namespace overture::app
