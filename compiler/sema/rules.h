// The rules of the language, one function each. A rule looks at the whole program, reports what
// breaks it, and stays silent about what another rule or the parser reports.
#pragma once

#include "compiler/base/diagnostics.h"
#include "compiler/sema/program.h"

namespace rpcgen {

// Packages and names: rules_names.cc.
void check_package_is_declared(const Program& program, Diagnostics& diagnostics);
void check_top_level_names_differ(const Program& program, Diagnostics& diagnostics);
void check_member_names_differ(const Program& program, Diagnostics& diagnostics);
void check_json_names_differ(const Program& program, Diagnostics& diagnostics);
void check_enum_value_names_differ(const Program& program, Diagnostics& diagnostics);
void check_method_names_differ(const Program& program, Diagnostics& diagnostics);

// Numbers: rules_numbers.cc.
void check_field_numbers(const Program& program, Diagnostics& diagnostics);
void check_enum_numbers(const Program& program, Diagnostics& diagnostics);
// rules_reserved.cc.
void check_reserved_ranges(const Program& program, Diagnostics& diagnostics);
void check_reserved_numbers_and_names(const Program& program, Diagnostics& diagnostics);

// Types: rules_types.cc, rules_recursion.cc.
void check_types_are_known(const Program& program, Diagnostics& diagnostics);
void check_map_keys(const Program& program, Diagnostics& diagnostics);
void check_type_depth(const Program& program, Diagnostics& diagnostics);
void check_optionals(const Program& program, Diagnostics& diagnostics);
void check_unions_have_members(const Program& program, Diagnostics& diagnostics);
void check_no_struct_contains_itself(const Program& program, Diagnostics& diagnostics);

// Values: rules_values.cc, rules_annotations.cc.
void check_constants(const Program& program, Diagnostics& diagnostics);
void check_annotations(const Program& program, Diagnostics& diagnostics);
void check_defaults(const Program& program, Diagnostics& diagnostics);
// rules_proto.cc.
void check_proto_forms(const Program& program, Diagnostics& diagnostics);

// What [hash] and [ordered] ask for: rules_keys.cc.
void check_keys(const Program& program, Diagnostics& diagnostics);

// Services: rules_services.cc.
void check_services_have_methods(const Program& program, Diagnostics& diagnostics);
void check_throws(const Program& program, Diagnostics& diagnostics);
void check_method_ids_differ(const Program& program, Diagnostics& diagnostics);

// What only streams can have: rules_streams.cc.
// Warns of a method that nobody may call, in a file that says of others who may.
void check_unmarked_methods(const Program& program, Diagnostics& diagnostics);
void check_idle_timeouts(const Program& program, Diagnostics& diagnostics);
void check_resume(const Program& program, Diagnostics& diagnostics);

// Names in C++: rules_cpp.cc.
void check_names_are_free_in_cpp(const Program& program, Diagnostics& diagnostics);
void check_cpp_packages_differ(const Program& program, Diagnostics& diagnostics);
void check_cpp_top_level_names(const Program& program, Diagnostics& diagnostics);
void check_cpp_member_names(const Program& program, Diagnostics& diagnostics);
void check_cpp_enum_value_names(const Program& program, Diagnostics& diagnostics);
void check_cpp_method_names(const Program& program, Diagnostics& diagnostics);

// All of the above.
void check(const Program& program, Diagnostics& diagnostics);

}  // namespace rpcgen
