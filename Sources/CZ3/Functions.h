/* The functions of Z3 that Linger calls: result, name, parameters, arguments. */
#define CZ3_FUNCTIONS(F) \
  F(void, Z3_apply_result_dec_ref, (Z3_context c, Z3_apply_result r), (c, r)) \
  F(unsigned, Z3_apply_result_get_num_subgoals, (Z3_context c, Z3_apply_result r), (c, r)) \
  F(Z3_goal, Z3_apply_result_get_subgoal, \
    (Z3_context c, Z3_apply_result r, unsigned i), \
    (c, r, i)) \
  F(void, Z3_apply_result_inc_ref, (Z3_context c, Z3_apply_result r), (c, r)) \
  F(Z3_string, Z3_ast_to_string, (Z3_context c, Z3_ast a), (c, a)) \
  F(void, Z3_ast_vector_dec_ref, (Z3_context c, Z3_ast_vector v), (c, v)) \
  F(Z3_ast, Z3_ast_vector_get, (Z3_context c, Z3_ast_vector v, unsigned i), (c, v, i)) \
  F(void, Z3_ast_vector_inc_ref, (Z3_context c, Z3_ast_vector v), (c, v)) \
  F(unsigned, Z3_ast_vector_size, (Z3_context c, Z3_ast_vector v), (c, v)) \
  F(void, Z3_del_config, (Z3_config c), (c)) \
  F(void, Z3_del_context, (Z3_context c), (c)) \
  F(void, Z3_fixedpoint_add_rule, \
    (Z3_context c, Z3_fixedpoint d, Z3_ast rule, Z3_symbol name), \
    (c, d, rule, name)) \
  F(void, Z3_fixedpoint_dec_ref, (Z3_context c, Z3_fixedpoint d), (c, d)) \
  F(Z3_ast, Z3_fixedpoint_get_cover_delta, \
    (Z3_context c, Z3_fixedpoint d, int level, Z3_func_decl pred), \
    (c, d, level, pred)) \
  F(Z3_string, Z3_fixedpoint_get_reason_unknown, (Z3_context c, Z3_fixedpoint d), (c, d)) \
  F(Z3_symbol, Z3_fixedpoint_get_rule_names_along_trace, (Z3_context c, Z3_fixedpoint d), (c, d)) \
  F(void, Z3_fixedpoint_inc_ref, (Z3_context c, Z3_fixedpoint d), (c, d)) \
  F(Z3_lbool, Z3_fixedpoint_query, (Z3_context c, Z3_fixedpoint d, Z3_ast query), (c, d, query)) \
  F(void, Z3_fixedpoint_register_relation, \
    (Z3_context c, Z3_fixedpoint d, Z3_func_decl f), \
    (c, d, f)) \
  F(void, Z3_fixedpoint_set_params, (Z3_context c, Z3_fixedpoint f, Z3_params p), (c, f, p)) \
  F(Z3_ast, Z3_get_app_arg, (Z3_context c, Z3_app a, unsigned i), (c, a, i)) \
  F(Z3_func_decl, Z3_get_app_decl, (Z3_context c, Z3_app a), (c, a)) \
  F(unsigned, Z3_get_app_num_args, (Z3_context c, Z3_app a), (c, a)) \
  F(Z3_ast_kind, Z3_get_ast_kind, (Z3_context c, Z3_ast a), (c, a)) \
  F(Z3_decl_kind, Z3_get_decl_kind, (Z3_context c, Z3_func_decl d), (c, d)) \
  F(Z3_symbol, Z3_get_decl_name, (Z3_context c, Z3_func_decl d), (c, d)) \
  F(Z3_error_code, Z3_get_error_code, (Z3_context c), (c)) \
  F(Z3_string, Z3_get_error_msg, (Z3_context c, Z3_error_code err), (c, err)) \
  F(uint64_t, Z3_get_estimated_alloc_size, (void), ()) \
  F(unsigned, Z3_get_index_value, (Z3_context c, Z3_ast a), (c, a)) \
  F(Z3_string, Z3_get_numeral_string, (Z3_context c, Z3_ast a), (c, a)) \
  F(Z3_ast, Z3_get_quantifier_body, (Z3_context c, Z3_ast a), (c, a)) \
  F(Z3_symbol, Z3_get_quantifier_bound_name, (Z3_context c, Z3_ast a, unsigned i), (c, a, i)) \
  F(Z3_sort, Z3_get_quantifier_bound_sort, (Z3_context c, Z3_ast a, unsigned i), (c, a, i)) \
  F(unsigned, Z3_get_quantifier_num_bound, (Z3_context c, Z3_ast a), (c, a)) \
  F(Z3_sort, Z3_get_sort, (Z3_context c, Z3_ast a), (c, a)) \
  F(Z3_sort_kind, Z3_get_sort_kind, (Z3_context c, Z3_sort t), (c, t)) \
  F(int, Z3_get_symbol_int, (Z3_context c, Z3_symbol s), (c, s)) \
  F(Z3_symbol_kind, Z3_get_symbol_kind, (Z3_context c, Z3_symbol s), (c, s)) \
  F(Z3_string, Z3_get_symbol_string, (Z3_context c, Z3_symbol s), (c, s)) \
  F(void, Z3_get_version, \
    (unsigned * major, unsigned * minor, unsigned * build_number, unsigned * revision_number), \
    (major, minor, build_number, revision_number)) \
  F(void, Z3_goal_assert, (Z3_context c, Z3_goal g, Z3_ast a), (c, g, a)) \
  F(void, Z3_goal_dec_ref, (Z3_context c, Z3_goal g), (c, g)) \
  F(Z3_ast, Z3_goal_formula, (Z3_context c, Z3_goal g, unsigned idx), (c, g, idx)) \
  F(void, Z3_goal_inc_ref, (Z3_context c, Z3_goal g), (c, g)) \
  F(unsigned, Z3_goal_size, (Z3_context c, Z3_goal g), (c, g)) \
  F(void, Z3_interrupt, (Z3_context c), (c)) \
  F(bool, Z3_is_numeral_ast, (Z3_context c, Z3_ast a), (c, a)) \
  F(bool, Z3_is_quantifier_exists, (Z3_context c, Z3_ast a), (c, a)) \
  F(bool, Z3_is_quantifier_forall, (Z3_context c, Z3_ast a), (c, a)) \
  F(Z3_ast, Z3_mk_add, \
    (Z3_context c, unsigned num_args, Z3_ast const args[]), \
    (c, num_args, args)) \
  F(Z3_ast, Z3_mk_and, \
    (Z3_context c, unsigned num_args, Z3_ast const args[]), \
    (c, num_args, args)) \
  F(Z3_ast, Z3_mk_app, \
    (Z3_context c, Z3_func_decl d, unsigned num_args, Z3_ast const args[]), \
    (c, d, num_args, args)) \
  F(Z3_sort, Z3_mk_bool_sort, (Z3_context c), (c)) \
  F(Z3_config, Z3_mk_config, (void), ()) \
  F(Z3_ast, Z3_mk_const, (Z3_context c, Z3_symbol s, Z3_sort ty), (c, s, ty)) \
  F(Z3_context, Z3_mk_context, (Z3_config c), (c)) \
  F(Z3_ast, Z3_mk_distinct, \
    (Z3_context c, unsigned num_args, Z3_ast const args[]), \
    (c, num_args, args)) \
  F(Z3_ast, Z3_mk_eq, (Z3_context c, Z3_ast l, Z3_ast r), (c, l, r)) \
  F(Z3_ast, Z3_mk_exists_const, \
    (Z3_context c, unsigned weight, unsigned num_bound, \
     Z3_app const bound[], unsigned num_patterns, Z3_pattern const patterns[], Z3_ast body), \
    (c, weight, num_bound, bound, num_patterns, patterns, body)) \
  F(Z3_ast, Z3_mk_false, (Z3_context c), (c)) \
  F(Z3_fixedpoint, Z3_mk_fixedpoint, (Z3_context c), (c)) \
  F(Z3_ast, Z3_mk_forall_const, \
    (Z3_context c, unsigned weight, unsigned num_bound, \
     Z3_app const bound[], unsigned num_patterns, Z3_pattern const patterns[], Z3_ast body), \
    (c, weight, num_bound, bound, num_patterns, patterns, body)) \
  F(Z3_func_decl, Z3_mk_func_decl, \
    (Z3_context c, Z3_symbol s, unsigned domain_size, Z3_sort const domain[], Z3_sort range), \
    (c, s, domain_size, domain, range)) \
  F(Z3_ast, Z3_mk_ge, (Z3_context c, Z3_ast t1, Z3_ast t2), (c, t1, t2)) \
  F(Z3_goal, Z3_mk_goal, \
    (Z3_context c, bool models, bool unsat_cores, bool proofs), \
    (c, models, unsat_cores, proofs)) \
  F(Z3_ast, Z3_mk_gt, (Z3_context c, Z3_ast t1, Z3_ast t2), (c, t1, t2)) \
  F(Z3_ast, Z3_mk_implies, (Z3_context c, Z3_ast t1, Z3_ast t2), (c, t1, t2)) \
  F(Z3_ast, Z3_mk_int2real, (Z3_context c, Z3_ast t1), (c, t1)) \
  F(Z3_ast, Z3_mk_int64, (Z3_context c, int64_t v, Z3_sort ty), (c, v, ty)) \
  F(Z3_sort, Z3_mk_int_sort, (Z3_context c), (c)) \
  F(Z3_ast, Z3_mk_ite, (Z3_context c, Z3_ast t1, Z3_ast t2, Z3_ast t3), (c, t1, t2, t3)) \
  F(Z3_ast, Z3_mk_le, (Z3_context c, Z3_ast t1, Z3_ast t2), (c, t1, t2)) \
  F(Z3_ast, Z3_mk_lt, (Z3_context c, Z3_ast t1, Z3_ast t2), (c, t1, t2)) \
  F(Z3_ast, Z3_mk_mul, \
    (Z3_context c, unsigned num_args, Z3_ast const args[]), \
    (c, num_args, args)) \
  F(Z3_ast, Z3_mk_not, (Z3_context c, Z3_ast a), (c, a)) \
  F(Z3_ast, Z3_mk_numeral, (Z3_context c, Z3_string numeral, Z3_sort ty), (c, numeral, ty)) \
  F(Z3_optimize, Z3_mk_optimize, (Z3_context c), (c)) \
  F(Z3_ast, Z3_mk_or, \
    (Z3_context c, unsigned num_args, Z3_ast const args[]), \
    (c, num_args, args)) \
  F(Z3_params, Z3_mk_params, (Z3_context c), (c)) \
  F(Z3_sort, Z3_mk_real_sort, (Z3_context c), (c)) \
  F(Z3_solver, Z3_mk_simple_solver, (Z3_context c), (c)) \
  F(Z3_solver, Z3_mk_solver, (Z3_context c), (c)) \
  F(Z3_solver, Z3_mk_solver_from_tactic, (Z3_context c, Z3_tactic t), (c, t)) \
  F(Z3_symbol, Z3_mk_string_symbol, (Z3_context c, Z3_string s), (c, s)) \
  F(Z3_ast, Z3_mk_sub, \
    (Z3_context c, unsigned num_args, Z3_ast const args[]), \
    (c, num_args, args)) \
  F(Z3_tactic, Z3_mk_tactic, (Z3_context c, Z3_string name), (c, name)) \
  F(Z3_ast, Z3_mk_true, (Z3_context c), (c)) \
  F(Z3_ast, Z3_mk_unary_minus, (Z3_context c, Z3_ast arg), (c, arg)) \
  F(void, Z3_model_dec_ref, (Z3_context c, Z3_model m), (c, m)) \
  F(Z3_bool_opt, Z3_model_eval, \
    (Z3_context c, Z3_model m, Z3_ast t, bool model_completion, Z3_ast * v), \
    (c, m, t, model_completion, v)) \
  F(void, Z3_model_inc_ref, (Z3_context c, Z3_model m), (c, m)) \
  F(Z3_string, Z3_model_to_string, (Z3_context c, Z3_model m), (c, m)) \
  F(void, Z3_optimize_assert, (Z3_context c, Z3_optimize o, Z3_ast a), (c, o, a)) \
  F(Z3_lbool, Z3_optimize_check, \
    (Z3_context c, Z3_optimize o, unsigned num_assumptions, Z3_ast const assumptions[]), \
    (c, o, num_assumptions, assumptions)) \
  F(void, Z3_optimize_dec_ref, (Z3_context c, Z3_optimize d), (c, d)) \
  F(Z3_model, Z3_optimize_get_model, (Z3_context c, Z3_optimize o), (c, o)) \
  F(Z3_string, Z3_optimize_get_reason_unknown, (Z3_context c, Z3_optimize d), (c, d)) \
  F(void, Z3_optimize_inc_ref, (Z3_context c, Z3_optimize d), (c, d)) \
  F(unsigned, Z3_optimize_minimize, (Z3_context c, Z3_optimize o, Z3_ast t), (c, o, t)) \
  F(void, Z3_optimize_set_params, (Z3_context c, Z3_optimize o, Z3_params p), (c, o, p)) \
  F(void, Z3_params_dec_ref, (Z3_context c, Z3_params p), (c, p)) \
  F(void, Z3_params_inc_ref, (Z3_context c, Z3_params p), (c, p)) \
  F(void, Z3_params_set_bool, (Z3_context c, Z3_params p, Z3_symbol k, bool v), (c, p, k, v)) \
  F(void, Z3_params_set_symbol, \
    (Z3_context c, Z3_params p, Z3_symbol k, Z3_symbol v), \
    (c, p, k, v)) \
  F(void, Z3_params_set_uint, (Z3_context c, Z3_params p, Z3_symbol k, unsigned v), (c, p, k, v)) \
  F(Z3_ast_vector, Z3_parse_smtlib2_string, \
    (Z3_context c, Z3_string str, unsigned num_sorts, Z3_symbol const sort_names[], \
     Z3_sort const sorts[], unsigned num_decls, Z3_symbol const decl_names[], \
      Z3_func_decl const decls[]), \
    (c, str, num_sorts, sort_names, sorts, num_decls, decl_names, decls)) \
  F(void, Z3_set_ast_print_mode, (Z3_context c, Z3_ast_print_mode mode), (c, mode)) \
  F(void, Z3_set_error_handler, (Z3_context c, Z3_error_handler h), (c, h)) \
  F(Z3_ast, Z3_simplify, (Z3_context c, Z3_ast a), (c, a)) \
  F(void, Z3_solver_assert, (Z3_context c, Z3_solver s, Z3_ast a), (c, s, a)) \
  F(void, Z3_solver_assert_and_track, \
    (Z3_context c, Z3_solver s, Z3_ast a, Z3_ast p), \
    (c, s, a, p)) \
  F(Z3_lbool, Z3_solver_check, (Z3_context c, Z3_solver s), (c, s)) \
  F(Z3_lbool, Z3_solver_check_assumptions, \
    (Z3_context c, Z3_solver s, unsigned num_assumptions, Z3_ast const assumptions[]), \
    (c, s, num_assumptions, assumptions)) \
  F(void, Z3_solver_dec_ref, (Z3_context c, Z3_solver s), (c, s)) \
  F(Z3_model, Z3_solver_get_model, (Z3_context c, Z3_solver s), (c, s)) \
  F(Z3_string, Z3_solver_get_reason_unknown, (Z3_context c, Z3_solver s), (c, s)) \
  F(Z3_stats, Z3_solver_get_statistics, (Z3_context c, Z3_solver s), (c, s)) \
  F(Z3_ast_vector, Z3_solver_get_unsat_core, (Z3_context c, Z3_solver s), (c, s)) \
  F(void, Z3_solver_inc_ref, (Z3_context c, Z3_solver s), (c, s)) \
  F(void, Z3_solver_pop, (Z3_context c, Z3_solver s, unsigned n), (c, s, n)) \
  F(void, Z3_solver_push, (Z3_context c, Z3_solver s), (c, s)) \
  F(void, Z3_solver_set_params, (Z3_context c, Z3_solver s, Z3_params p), (c, s, p)) \
  F(Z3_string, Z3_solver_to_string, (Z3_context c, Z3_solver s), (c, s)) \
  F(Z3_string, Z3_sort_to_string, (Z3_context c, Z3_sort s), (c, s)) \
  F(void, Z3_stats_dec_ref, (Z3_context c, Z3_stats s), (c, s)) \
  F(double, Z3_stats_get_double_value, (Z3_context c, Z3_stats s, unsigned idx), (c, s, idx)) \
  F(Z3_string, Z3_stats_get_key, (Z3_context c, Z3_stats s, unsigned idx), (c, s, idx)) \
  F(unsigned, Z3_stats_get_uint_value, (Z3_context c, Z3_stats s, unsigned idx), (c, s, idx)) \
  F(void, Z3_stats_inc_ref, (Z3_context c, Z3_stats s), (c, s)) \
  F(bool, Z3_stats_is_uint, (Z3_context c, Z3_stats s, unsigned idx), (c, s, idx)) \
  F(unsigned, Z3_stats_size, (Z3_context c, Z3_stats s), (c, s)) \
  F(Z3_ast, Z3_substitute, \
    (Z3_context c, Z3_ast a, unsigned num_exprs, Z3_ast const from[], Z3_ast const to[]), \
    (c, a, num_exprs, from, to)) \
  F(Z3_ast, Z3_substitute_vars, \
    (Z3_context c, Z3_ast a, unsigned num_exprs, Z3_ast const to[]), \
    (c, a, num_exprs, to)) \
  F(Z3_apply_result, Z3_tactic_apply, (Z3_context c, Z3_tactic t, Z3_goal g), (c, t, g)) \
  F(void, Z3_tactic_dec_ref, (Z3_context c, Z3_tactic g), (c, g)) \
  F(void, Z3_tactic_inc_ref, (Z3_context c, Z3_tactic t), (c, t)) \
  F(Z3_tactic, Z3_tactic_try_for, (Z3_context c, Z3_tactic t, unsigned ms), (c, t, ms)) \
  F(Z3_app, Z3_to_app, (Z3_context c, Z3_ast a), (c, a)) \
  F(void, Z3_toggle_warning_messages, (bool enabled), (enabled)) \
  F(void, Z3_update_param_value, \
    (Z3_context c, Z3_string param_id, Z3_string param_value), \
    (c, param_id, param_value))
