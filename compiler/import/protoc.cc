#include "compiler/import/protoc.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

extern char** environ;

namespace rpcgen::import {

namespace {

std::string read_all(int fd) {
  std::string out;
  std::array<char, 65536> part;
  for (;;) {
    const ssize_t got = ::read(fd, part.data(), part.size());
    if (got > 0) out.append(part.data(), static_cast<std::size_t>(got));
    if (got == 0 || (got < 0 && errno != EINTR)) return out;
  }
}

}  // namespace

std::variant<std::string, ProtocProblem> run_protoc(const std::vector<std::string>& files,
                                                    const std::vector<std::string>& import_dirs) {
  std::vector<std::string> words{"protoc", "--include_imports", "--include_source_info",
                                 "--descriptor_set_out=/dev/stdout"};
  for (const std::string& directory : import_dirs) words.push_back("-I" + directory);
  words.insert(words.end(), files.begin(), files.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  int ends[2];
  if (::pipe(ends) != 0) return ProtocProblem{std::string("no pipe: ") + std::strerror(errno)};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addclose(&actions, ends[0]);
  ::posix_spawn_file_actions_addclose(&actions, ends[1]);
  pid_t child = 0;
  const int problem =
      ::posix_spawnp(&child, "protoc", &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (problem != 0) {
    ::close(ends[0]);
    return ProtocProblem{std::string("cannot run protoc, which reads .proto files: ") +
                         std::strerror(problem)};
  }
  std::string bytes = read_all(ends[0]);
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return ProtocProblem{};
  return bytes;
}

}  // namespace rpcgen::import
