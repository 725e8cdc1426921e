#include "compiler/sema/rules.h"

#include <array>

namespace rpcgen {
namespace {

using Rule = void (*)(const Program&, Diagnostics&);

constexpr std::array kRules{
    Rule{check_package_is_declared},
    Rule{check_top_level_names_differ},
    Rule{check_member_names_differ},
    Rule{check_json_names_differ},
    Rule{check_enum_value_names_differ},
    Rule{check_method_names_differ},
    Rule{check_field_numbers},
    Rule{check_reserved_ranges},
    Rule{check_reserved_numbers_and_names},
    Rule{check_enum_numbers},
    Rule{check_types_are_known},
    Rule{check_map_keys},
    Rule{check_type_depth},
    Rule{check_optionals},
    Rule{check_unions_have_members},
    Rule{check_no_struct_contains_itself},
    Rule{check_constants},
    Rule{check_annotations},
    Rule{check_defaults},
    Rule{check_proto_forms},
    Rule{check_keys},
    Rule{check_services_have_methods},
    Rule{check_throws},
    Rule{check_method_ids_differ},
    Rule{check_unmarked_methods},
    Rule{check_idle_timeouts},
    Rule{check_resume},
    Rule{check_names_are_free_in_cpp},
    Rule{check_cpp_packages_differ},
    Rule{check_cpp_top_level_names},
    Rule{check_cpp_member_names},
    Rule{check_cpp_enum_value_names},
    Rule{check_cpp_method_names},
};

}  // namespace

void check(const Program& program, Diagnostics& diagnostics) {
  for (Rule rule : kRules) rule(program, diagnostics);
}

}  // namespace rpcgen
