internal import Certify
internal import CertifyKernel
internal import Checkpoints
internal import Glibc

/// Where a training run keeps what it saves, so that a kill at any moment leaves a valid pair.
///
///     OUT             → OUT.run/current/model.safetensors
///     OUT.cert.json   → OUT.run/current/model.safetensors.cert.json
///     OUT.run/current → step-000500, a folder with model, certificate and the state of the optimiser
///
/// A save fills a new folder, syncs it, and then moves the one link `current` by a rename: model and certificate
/// change together or not at all. The folder before is removed last.
final class RunFolder {
  let path: String
  /// Held while a run writes here; the system lets go of it when the process ends, however it ends.
  private var lock: Int32 = -1
  private var folder: String { path + ".run" }
  private static let modelName = "model.safetensors"
  static let suffixes = ["", ".cert.json", ".cert.safetensors"]

  var statePath: String { folder + "/current/state.safetensors" }
  var modelPath: String { folder + "/current/" + Self.modelName }
  var metricsPath: String { path + ".metrics.jsonl" }

  init(path: String) { self.path = path }

  deinit { if lock >= 0 { close(lock) } }

  /// Whether a run was saved here before.
  var exists: Bool { access(statePath, F_OK) == 0 }

  /// - Throws: `.unwritable` where something that is no run of this tool lies at the path, or nothing can be made.
  func prepare(resuming: Bool) throws(TrainingError) {
    if resuming {
      guard exists else {
        throw .resume("\(path): there is no run to resume (\(statePath) is missing)")
      }
      return try takeLock()
    }
    for suffix in Self.suffixes where present(path + suffix) {
      throw .unwritable(
        "\(path + suffix) exists; --resume goes on with a run, another -o begins a new one")
    }
    if present(folder) {
      // A run that was killed before its first save leaves a folder without a link.
      guard !present(folder + "/current") else {
        throw .unwritable("\(folder) exists; remove it, or give another -o")
      }
    } else {
      guard mkdir(folder, 0o777) == 0 else { throw fault("cannot make the folder", folder) }
    }
    try takeLock()
  }

  private func takeLock() throws(TrainingError) {
    guard lock < 0 else { return }
    lock = open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard lock >= 0 else { throw fault("cannot open", folder + "/lock") }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      throw .unwritable("\(folder): another run is writing there")
    }
  }

  private func present(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  private func fault(_ what: String, _ path: String) -> TrainingError {
    .unwritable("\(what) \(path): \(String(cString: strerror(errno)))")
  }

  /// Writes one pair and the state beside it.
  ///
  /// - Parameters:
  ///   - files: given a folder, writes into it the model (of the name given) and everything else.
  func save(
    step: Int, _ files: (_ folder: String, _ model: String) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    let digits = String(step)
    let name = "step-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    let stage = "\(folder)/.new-\(getpid())"
    remove(stage)
    guard mkdir(stage, 0o777) == 0 else { throw fault("cannot make the folder", stage) }
    do throws(TrainingError) {
      try files(stage, Self.modelName)
    } catch {
      remove(stage)
      throw error
    }
    let old = currentName()
    // The same step saved again: the old folder is current, and stays until the link has moved.
    let target = old == name ? "\(name)-again" : name
    remove("\(folder)/\(target)")
    guard rename(stage, "\(folder)/\(target)") == 0 else { throw fault("cannot rename", stage) }
    sync(folder)
    let link = "\(folder)/.current-\(getpid())"
    unlink(link)
    guard symlink(target, link) == 0, rename(link, folder + "/current") == 0 else {
      throw fault("cannot move the link", folder + "/current")
    }
    sync(folder)
    try linkOutside(target)
    for entry in entries() where entry != target {
      // Older steps, and what runs that were killed have left.
      if entry.hasPrefix("step-") || entry.hasPrefix(".new-") { remove("\(folder)/\(entry)") }
      if entry.hasPrefix(".current-") { unlink("\(folder)/\(entry)") }
    }
  }

  /// The links at the path that was asked for; the certificate's first, so that a model never lies alone.
  private func linkOutside(_ target: String) throws(TrainingError) {
    let base = String(folder.split(separator: "/", omittingEmptySubsequences: false).last!)
    for suffix in Self.suffixes.reversed() {
      let inside = "\(folder)/\(target)/\(Self.modelName)\(suffix)"
      let place = path + suffix
      guard access(inside, F_OK) == 0 else {
        if present(place) { unlink(place) }
        continue
      }
      if present(place) { continue }
      guard symlink("\(base)/current/\(Self.modelName)\(suffix)", place) == 0 else {
        throw fault("cannot link", place)
      }
    }
  }

  private func currentName() -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink(folder + "/current", &buffer, buffer.count - 1)
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private func entries() -> [String] { names(in: folder) }

  /// The names in a folder; none where it cannot be read.
  private func names(in folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Removes a folder of plain files, or what is left of one.
  private func remove(_ folder: String) {
    for name in names(in: folder) { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  private func sync(_ folder: String) {
    let handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard handle >= 0 else { return }
    fsync(handle)
    close(handle)
  }
}
