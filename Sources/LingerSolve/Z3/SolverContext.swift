internal import CZ3

/// Z3's world: every term, solver and model belongs to one context and dies with it.
///
/// One context per thread: the class is not `Sendable`, and neither is anything made from it, so
/// the compiler keeps them together. Only the ``interrupter`` may cross. Z3 keeps a context's
/// terms until the context goes (the mode without reference counts), which is what makes terms
/// plain values here; work that never ends should start a new context now and then.
///
/// Every call to Z3 goes through ``call(_:_:)`` or a sibling, which turns Z3's error code into a
/// thrown ``Z3Error``. The empty error handler is vital: without one Z3 ends the process.
@safe
package final class SolverContext {
  /// The way to stop this context's checks from another thread.
  package let interrupter: SolverInterrupter

  let pointer: Z3_context
  private let sorts: (bool: Z3_sort, int: Z3_sort, real: Z3_sort)
  /// The sorts of every declared name, because a script may declare a name only once.
  private var signatures: [String: [Sort]] = [:]

  /// Opens a context.
  ///
  /// - Throws: ``Z3Error/libraryMissing(_:)``, ``Z3Error/versionMismatch(loaded:header:)``, or a
  ///   failure when memory is short.
  package init() throws(Z3Error) {
    if let problem = SolverFile.problem { throw .libraryMissing(problem) }
    let (loaded, header) = (LibraryVersion.loaded, LibraryVersion.header)
    guard loaded.isCompatible(with: header) else {
      throw .versionMismatch(loaded: loaded, header: header)
    }
    // Z3 would write its warnings to this process's standard error.
    Z3_toggle_warning_messages(false)
    let configuration = unsafe Z3_mk_config()
    defer { unsafe Z3_del_config(configuration) }
    guard let pointer = unsafe Z3_mk_context(configuration) else {
      throw .failure(code: 0, message: "out of memory", operation: "open a context")
    }
    unsafe Z3_set_error_handler(pointer) { _, _ in }
    unsafe Z3_set_ast_print_mode(pointer, Z3_PRINT_SMTLIB2_COMPLIANT)
    guard let bool = unsafe Z3_mk_bool_sort(pointer), let int = unsafe Z3_mk_int_sort(pointer),
      let real = unsafe Z3_mk_real_sort(pointer)
    else {
      unsafe Z3_del_context(pointer)
      throw .failure(code: 0, message: "out of memory", operation: "make sorts")
    }
    unsafe self.pointer = pointer
    unsafe sorts = (bool, int, real)
    interrupter = unsafe SolverInterrupter(context: pointer)
  }

  deinit {
    interrupter.detach()
    unsafe Z3_del_context(pointer)
  }

  /// Notes a declaration; a name that already stands for something else is our own mistake.
  func note(_ name: String, signature: [Sort]) {
    guard let known = signatures.updateValue(signature, forKey: name) else { return }
    precondition(known == signature, "'\(name)' is declared twice with different sorts")
  }

  func pointer(of sort: Sort) -> Z3_sort {
    switch sort {
    case .bool: unsafe sorts.bool
    case .int: unsafe sorts.int
    case .real: unsafe sorts.real
    }
  }

  /// The sort behind Z3's pointer.
  func sort(_ pointer: Z3_sort) throws(Z3Error) -> Sort {
    switch unsafe try call("read a sort", { unsafe Z3_get_sort_kind($0, pointer) }) {
    case Z3_BOOL_SORT: .bool
    case Z3_INT_SORT: .int
    case Z3_REAL_SORT: .real
    default:
      throw .unsupportedSort(
        unsafe try text("print a sort") { unsafe Z3_sort_to_string($0, pointer) }
      )
    }
  }
}

extension SolverContext {
  /// Runs one call of Z3 and throws what it reports.
  @discardableResult
  func call<Result>(
    _ operation: String,
    _ body: (Z3_context) -> Result
  ) throws(Z3Error)
    -> Result
  {
    let result = unsafe body(pointer)
    if let failure = failure(operation) { throw failure }
    return result
  }

  /// Runs a call that makes an object; a null pointer is a failure too.
  func make(
    _ operation: String,
    _ body: (Z3_context) -> OpaquePointer?
  ) throws(Z3Error)
    -> OpaquePointer
  {
    guard let result = unsafe try call(operation, body) else {
      throw .failure(code: 0, message: "no result", operation: operation)
    }
    return unsafe result
  }

  /// Runs a call that gives a string, and copies it before Z3 reuses its memory.
  func text(_ operation: String, _ body: (Z3_context) -> Z3_string?) throws(Z3Error) -> String {
    guard let result = unsafe try call(operation, body) else {
      throw .failure(code: 0, message: "no text", operation: operation)
    }
    return unsafe String(cString: result)
  }

  func symbol(_ name: String) throws(Z3Error) -> Z3_symbol {
    unsafe try make("make a name") { unsafe Z3_mk_string_symbol($0, name) }
  }

  /// What the latest call reported; nil when it went well.
  func failure(_ operation: String) -> Z3Error? {
    let code = unsafe Z3_get_error_code(pointer)
    guard code != Z3_OK else { return nil }
    let message = unsafe Z3_get_error_msg(pointer, code).map { unsafe String(cString: $0) } ?? ""
    // An interrupt reaches whatever call comes next, for example a push: not a failure of it.
    if interrupter.isInterrupted, message.contains("canceled") { return .interrupted }
    return .failure(code: Int(code.rawValue), message: message, operation: operation)
  }
}
