import Foundation
import TestSupport
import Testing

/// What can be told of the Dockerfile without building it; `make docker` builds and runs it.
@Suite("Dockerfile") struct DockerfileTests {
  private static func text(_ name: String) throws -> String {
    try String(contentsOf: SharedFolder.packageRoot.appendingPathComponent(name), encoding: .utf8)
  }

  /// The text of each stage, from its FROM on; before the first, the arguments.
  private static func stages() throws -> [String] {
    var stages = [""]
    for line in try text("Dockerfile").split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("FROM ") { stages.append("") }
      stages[stages.count - 1] += line + "\n"
    }
    return stages
  }

  /// The packages that a stage installs.
  private static func packages(_ stage: String) throws -> Set<String> {
    let joined = stage.replacing("\\\n", with: " ")
    let command = try #require(
      joined.firstMatch(of: /apt-get install -y --no-install-recommends([^&\n]*)/))
    return Set(command.1.split(separator: " ").map(String.init))
  }

  private static func version(_ text: Substring) -> [Int] {
    text.split(separator: ".").compactMap { Int($0) }
  }

  @Test func swiftIsNewEnoughAndOfTheSameDebian() throws {
    let stages = try Self.stages()
    #expect(stages.count == 3)
    let swift = try #require(stages[0].firstMatch(of: /\nARG SWIFT=([0-9.]+)\n/))
    let tools = try #require(
      Self.text("Package.swift").firstMatch(of: /^\/\/ swift-tools-version: ([0-9.]+)\n/))
    #expect(!Self.version(swift.1).lexicographicallyPrecedes(Self.version(tools.1)))
    #expect(stages[0].contains(/\nARG DEBIAN=[a-z]+\n/))
    #expect(stages[1].hasPrefix("FROM swift:${SWIFT}-${DEBIAN} AS build\n"))
    #expect(stages[2].hasPrefix("FROM debian:${DEBIAN}-slim\n"))
  }

  @Test func everyPackageOfTheMakefileIsInstalledForTheBuild() throws {
    let listed = try #require(Self.text("Makefile").firstMatch(of: /\nPACKAGES = (.*)\n/))
    let wanted = Set(listed.1.split(separator: " ").map(String.init))
    #expect(wanted.isSubset(of: try Self.packages(Self.stages()[1])))
    #expect(wanted.contains("libglpk-dev"))
  }

  /// Whether dpkg can say what belongs to which package.
  private static let isDebian = FileManager.default.isExecutableFile(atPath: "/usr/bin/dpkg-query")

  @Test(.enabled(if: isDebian, "needs a Debian system"))
  func everyLibraryOfTheExecutableIsInstalledToRun() throws {
    // What the executable names itself; the rest comes with these packages. Swift's own libraries are linked statically.
    let owners = try Certify.shell(
      """
      set -eu
      named=$(objdump -p "$CERTIFY" | sed -n 's/^ *NEEDED *//p')
      ldd "$CERTIFY" | while read -r name arrow path rest; do
        echo "$named" | grep -qxF "$name" || continue
        case $path in */swift/*) continue ;; esac
        file=$(realpath "$path")
        dpkg-query -S "$file" 2>/dev/null || dpkg-query -S "${file#/usr}"
      done
      """)
    #expect(owners.status == 0, "\(owners.testDescription)")
    let found = Set(owners.lines.compactMap { $0.split(separator: ":").first.map(String.init) })
    #expect(found.isSuperset(of: ["liblapacke", "libopenblas0-pthread", "zlib1g"]), "\(found)")
    // Every image of Debian has the libraries of C and of its compiler.
    let installed = try Self.packages(Self.stages()[2]).union(["libc6", "libgcc-s1"])
    #expect(found.isSubset(of: installed), "\(found.subtracting(installed)) are not installed")
  }

  @Test func whatTheBuildReadsIsSent() throws {
    let ignored = try Self.text(".dockerignore").split(separator: "\n").map(String.init)
    for needed in ["Sources", "Tests", "Package.swift", "Package.resolved"] {
      #expect(!ignored.contains(needed))
    }
    #expect(ignored.contains(".build") && ignored.contains(".git"))
  }
}
