"""Manifests: the packages that a project asks for, with their places, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer import signatures
from analyzer.match import Matcher
from analyzer.model import Package, Skip, Source
from analyzer.parse.files import is_readable, parse
from analyzer.parse.manifests import is_idle
from analyzer.pipeline import scan

LOADED = signatures.load()


def packages(path: str, text: str) -> list[str]:
    """What a manifest asks for, as `ecosystem:name line:column`."""
    parsed = parse(Source(path, text.encode()), LOADED.vocabulary)
    assert not parsed.skips
    return [
        f"{fact.ecosystem}:{fact.name} {fact.place.line}:{fact.place.region.column}"
        for fact in parsed.facts
        if isinstance(fact, Package)
    ]


def names(path: str, text: str) -> list[str]:
    return [each.partition(" ")[0] for each in packages(path, text)]


# ---------------------------------------------------------------- npm


def test_a_package_json_gives_the_place_of_the_dependency_and_not_of_its_namesake() -> None:
    text = '{\n "devDependencies": {"react-ga4": "1"},\n "dependencies": {"react-ga4": "1"}\n}\n'
    assert packages("package.json", text) == ["npm:react-ga4 3:19"]


def test_tools_of_developers_are_left_out_of_a_package_json() -> None:
    assert names("package.json", '{"devDependencies": {"react-ga4": "1"}}') == []


def test_a_byte_order_mark_moves_no_place() -> None:
    assert packages("package.json", '\ufeff{"dependencies": {"a": "1"}}') == ["npm:a 1:19"]


def test_a_lock_file_tells_what_the_project_itself_asks_for() -> None:
    text = """{"lockfileVersion": 3, "packages": {
      "": {"dependencies": {"mixpanel-browser": "1"}, "devDependencies": {"vitest": "1"}},
      "node_modules/rollbar": {"version": "1"}}}"""
    assert names("package-lock.json", text) == ["npm:mixpanel-browser"]


def test_an_older_lock_file_tells_it_by_what_nothing_else_requires() -> None:
    text = """{"lockfileVersion": 1, "dependencies": {
      "react-ga4": {"requires": {"react": "1"}}, "react": {}, "vitest": {"dev": true}}}"""
    assert names("package-lock.json", text) == ["npm:react-ga4"]


def test_a_pnpm_lock_file_is_read_up_to_its_long_list() -> None:
    text = (
        "importers:\n  .:\n    dependencies:\n      '@segment/analytics-next':\n"
        "        specifier: ^1\n    devDependencies:\n      vitest:\n        specifier: ^1\n"
        "packages:\n  rollbar@1: {resolution: {}}\n"
    )
    assert packages("pnpm-lock.yaml", text) == ["npm:@segment/analytics-next 4:7"]


@pytest.mark.parametrize(
    ("lock", "manifest"),
    [
        ("package-lock.json", "package.json"),
        ("pnpm-lock.yaml", "package.json"),
        ("Gemfile.lock", "Gemfile"),
        ("composer.lock", "composer.json"),
        ("Pipfile.lock", "Pipfile"),
        ("Podfile.lock", "Podfile"),
        ("yarn.lock", "package.json"),
        ("bun.lock", "package.json"),
        ("poetry.lock", "pyproject.toml"),
        ("uv.lock", "pyproject.toml"),
        ("pubspec.lock", "pubspec.yaml"),
        ("mix.lock", "mix.exs"),
        ("Cargo.lock", "Cargo.toml"),
    ],
)
def test_a_lock_file_is_idle_beside_its_manifest_only(lock: str, manifest: str) -> None:
    assert is_idle(f"web/{lock}", {f"web/{lock}", f"web/{manifest}"})
    assert not is_idle(f"web/{lock}", {f"web/{lock}", manifest})
    assert not is_idle(manifest, {manifest, lock})


YARN = """\
# yarn lockfile v1


"@segment/analytics-next@^1.5.0", "@segment/analytics-next@^1.6.0":
  version "1.6.0"
  dependencies:
    "@lukeed/uuid" "^2.0.0"
    mixpanel-browser "^2.0.0"

"@lukeed/uuid@^2.0.0":
  version "2.0.0"

mixpanel-browser@^2.0.0:
  version "2.0.0"
  optionalDependencies:
    rollbar "^2"

rollbar@^2:
  version "2.0.0"
"""


def test_a_yarn_lock_tells_what_no_other_package_needs() -> None:
    assert packages("yarn.lock", YARN) == ["npm:@segment/analytics-next 4:2"]


def test_a_newer_yarn_lock_tells_what_its_workspaces_ask_for() -> None:
    text = (
        '__metadata:\n  version: 8\n\n"clinic@workspace:.":\n  version: 0.0.0-use.local\n'
        '  dependencies:\n    mixpanel-browser: "npm:^2"\n    "@segment/snippet": "npm:^4"\n'
        '    ui: "workspace:*"\n'
        '"ui@workspace:ui":\n  version: 0.0.0-use.local\n'
        '"mixpanel-browser@npm:^2":\n  version: 2\n  dependencies:\n    rollbar: "npm:^2"\n'
    )
    assert packages("yarn.lock", text) == [
        "npm:mixpanel-browser 7:5",
        "npm:@segment/snippet 8:5",
    ]


def test_a_bun_lock_tells_what_its_workspaces_ask_for() -> None:
    text = (
        '{\n  "lockfileVersion": 1,\n  "workspaces": {\n    "": {\n'
        '      "dependencies": {\n        "mixpanel-browser": "^2",\n      },\n'
        '      "devDependencies": { "rollbar": "^2", },\n    },\n  },\n'
        '  "packages": { "posthog-js": ["posthog-js@1"], },\n}\n'
    )
    assert packages("bun.lock", text) == ["npm:mixpanel-browser 6:9"]


# ---------------------------------------------------------------- Go


def test_a_go_mod_names_the_modules_that_the_program_itself_asks_for() -> None:
    text = (
        "module clinic.example/web\n\ngo 1.22\n\nrequire github.com/mixpanel/mixpanel-go v1.2.1\n\n"
        "require (\n\tgithub.com/segmentio/analytics-go/v3 v3.3.0\n"
        "\t// github.com/amplitude/analytics-go v1.0.0\n"
        "\tgithub.com/posthog/posthog-go v1.0.0 // indirect\n)\n\n"
        "exclude github.com/getsentry/sentry-go v0.1.0\n"
    )
    assert packages("go.mod", text) == [
        "go:github.com/segmentio/analytics-go/v3 8:2",
        "go:github.com/mixpanel/mixpanel-go 5:9",
    ]


# ---------------------------------------------------------------- Python


def test_a_poetry_lock_tells_what_no_other_package_needs() -> None:
    text = (
        '[[package]]\nname = "mixpanel"\nversion = "4"\n[package.dependencies]\nrequests = ">=2"\n\n'
        '[[package]]\nname = "requests"\nversion = "2"\n\n'
        '[[package]]\nname = "posthog"\nversion = "3"\ngroups = ["dev"]\n\n'
        '[[package]]\nname = "rollbar"\ncategory = "dev"\n'
    )
    assert packages("poetry.lock", text) == ["pypi:mixpanel 2:9"]


def test_a_uv_lock_tells_what_the_project_itself_asks_for() -> None:
    text = (
        '[[package]]\nname = "clinic"\nsource = { virtual = "." }\n'
        'dependencies = [{ name = "mixpanel" }]\n\n'
        '[[package]]\nname = "mixpanel"\nsource = { registry = "https://packages.example" }\n\n'
        '[[package]]\nname = "posthog"\nsource = { registry = "https://packages.example" }\n'
    )
    assert packages("uv.lock", text) == ["pypi:mixpanel 7:9"]


def test_a_pipfile_lock_tells_by_the_index_what_the_project_asks_for() -> None:
    text = '{"default": {"mixpanel": {"index": "pypi"}, "posthog": {"version": "==3"}}}'
    assert names("Pipfile.lock", text) == ["pypi:mixpanel"]


def test_a_requirements_file_names_packages_line_by_line() -> None:
    text = (
        "# mixpanel\n-r base.txt\nFacebook_Business[extra]>=1 ; python_version > '3'\n"
        "posthog==4 \\\n  --hash=sha256:abc\n-e git+https://git.example/r.git#egg=rollbar\n"
        "https://files.example/amplitude.whl\n"
    )
    assert packages("requirements.txt", text) == [
        "pypi:facebook-business 3:1",
        "pypi:posthog 4:1",
        "pypi:rollbar 6:38",
    ]


@pytest.mark.parametrize(
    "path",
    [
        "requirements-dev.txt",
        "dev-requirements.txt",
        "requirements_test.txt",
        "requirements/test.txt",
        "requirements/docs.in",
    ],
)
def test_requirements_of_developers_are_left_out(path: str) -> None:
    assert names(path, "mixpanel\n") == []


def test_requirements_of_production_are_read() -> None:
    assert names("requirements/production.txt", "mixpanel\n") == ["pypi:mixpanel"]


def test_a_pyproject_is_read_without_its_groups_for_developers() -> None:
    text = """\
[project]
name = "clinic"
dependencies = [
  "facebook-business>=1",
]
[project.optional-dependencies]
dev = ["rollbar"]
analytics = ["posthog"]
[dependency-groups]
lint = ["newrelic"]
[tool.poetry.dependencies]
python = "^3.11"
sentry-sdk = "^2"
[tool.poetry.group.test.dependencies]
mixpanel = "*"
"""
    assert packages("pyproject.toml", text) == [
        "pypi:facebook-business 4:4",
        "pypi:posthog 8:15",
        "pypi:sentry-sdk 13:1",
    ]


def test_a_pipfile_and_its_lock_are_read_without_what_developers_use() -> None:
    text = '[packages]\nmixpanel = "*"\n[dev-packages]\nposthog = "*"\n'
    assert packages("Pipfile", text) == ["pypi:mixpanel 2:1"]
    lock = '{"default": {"mixpanel": {}}, "develop": {"posthog": {}}}'
    assert names("Pipfile.lock", lock) == ["pypi:mixpanel"]


def test_setup_files_are_read_and_not_run() -> None:
    text = (
        "[options]\ninstall_requires =\n    mixpanel>=4\n[options.extras_require]\ndev = posthog\n"
    )
    assert packages("setup.cfg", text) == ["pypi:mixpanel 3:5"]
    text = (
        "NEEDS = ['mixpanel>=4']\n"
        "setup(install_requires=NEEDS, extras_require={'dev': ['posthog']})\n"
    )
    assert packages("setup.py", text) == ["pypi:mixpanel 1:11"]


# ---------------------------------------------------------------- Ruby and CocoaPods


def test_a_gemfile_is_read_without_groups_for_developers() -> None:
    text = """\
source "https://rubygems.org"
# gem "commented"
gem 'mixpanel-ruby', '~> 2' if ENV['ANALYTICS']
gem("rollbar", require: false)
if ENV['NEXT']
  gem "km"
end
group :development, :test do
  gem 'posthog-ruby'
  platforms :ruby do
    gem 'amplitude-api'
  end
end
gem 'sentry-ruby', group: :development
group :test, :production do
  gem 'intercom'
end
gem 'analytics-ruby', groups: [:test, :production]
=begin
gem 'in-a-comment'
=end
"""
    assert packages("Gemfile", text) == [
        "gem:mixpanel-ruby 3:5",
        "gem:rollbar 4:5",
        "gem:km 6:7",
        "gem:intercom 16:7",
        "gem:analytics-ruby 18:5",
    ]


def test_a_gemspec_is_read_without_development_dependencies() -> None:
    text = """\
Gem::Specification.new do |s|
  s.add_dependency "mixpanel-ruby", "~> 2"
  s.add_runtime_dependency(%q<km>.freeze, [">= 1"])
  s.add_development_dependency "rollbar"
end
"""
    assert packages("clinic.gemspec", text) == ["gem:mixpanel-ruby 2:20", "gem:km 3:28"]


def test_a_gemfile_lock_tells_what_the_project_itself_asks_for() -> None:
    text = (
        "GEM\n  specs:\n    rollbar (3)\n\nDEPENDENCIES\n  mixpanel-ruby (~> 2)\n\nRUBY VERSION\n"
    )
    assert names("Gemfile.lock", text) == ["gem:mixpanel-ruby"]


def test_a_podfile_is_read_without_the_pods_of_tests_and_debug_builds() -> None:
    text = """\
target 'Clinic' do
  use_frameworks!
  pod 'Firebase/Analytics', '~> 10'
  pod 'FLEX', :configurations => ['Debug']
  target 'ClinicTests' do
    pod 'Amplitude'
  end
  pod 'Heap'  # pod 'Mixpanel'
end
"""
    assert packages("ios/Podfile", text) == [
        "cocoapods:Firebase/Analytics 3:7",
        "cocoapods:Heap 8:7",
    ]


def test_a_podspec_is_read_without_its_test_specification() -> None:
    text = (
        "Pod::Spec.new do |s|\n  s.dependency 'Mixpanel'\n  s.test_spec 'T' do |t|\n"
        "    t.dependency 'Heap'\n  end\nend\n"
    )
    assert names("Clinic.podspec", text) == ["cocoapods:Mixpanel"]


# ---------------------------------------------------------------- PHP and what it runs


def test_a_composer_json_names_packages_plugins_and_modules() -> None:
    text = """{"require": {"php": "^8.2", "ext-json": "*",
      "Facebook/php-business-sdk": "*", "wpackagist-plugin/google-site-kit": "*",
      "drupal/google_tag": "*"},
      "require-dev": {"posthog/posthog-php": "*"}}"""
    assert names("composer.json", text) == [
        "composer:facebook/php-business-sdk",
        "composer:wpackagist-plugin/google-site-kit",
        "wordpress:google-site-kit",
        "composer:drupal/google_tag",
        "drupal:google_tag",
    ]


def test_a_composer_lock_is_read_without_what_developers_use() -> None:
    text = """{"packages": [{"name": "mixpanel/mixpanel-php"}],
      "packages-dev": [{"name": "posthog/posthog-php"}]}"""
    assert names("composer.lock", text) == ["composer:mixpanel/mixpanel-php"]


def test_what_another_package_brings_is_left_out_of_a_composer_lock() -> None:
    text = """{"packages": [{"name": "clinic/kit", "require": {"Mixpanel/mixpanel-php": "^2"}},
      {"name": "mixpanel/mixpanel-php"}]}"""
    assert names("composer.lock", text) == ["composer:clinic/kit"]


def test_an_installed_plugin_is_known_by_its_folder_and_names_what_it_needs() -> None:
    text = "<?php\n/**\n * Plugin Name: Site Kit\n * Requires Plugins: woocommerce\n */\n"
    assert packages("wp-content/plugins/google-site-kit/plugin.php", text) == [
        "wordpress:google-site-kit 3:17",
        "wordpress:woocommerce 4:22",
    ]


def test_a_file_beside_a_plugins_main_file_is_no_second_plugin() -> None:
    text = "<?php\n// helpers\n"
    assert names("wp-content/plugins/google-site-kit/helpers.php", text) == []


def test_modules_that_drupal_has_switched_on() -> None:
    text = "module:\n  block: 0\n  google_tag: 0\ntheme:\n  hotjar: 0\n"
    assert packages("config/sync/core.extension.yml", text) == [
        "drupal:block 2:3",
        "drupal:google_tag 3:3",
    ]


def test_modules_that_a_drupal_module_needs() -> None:
    text = "name: Clinic\ntype: module\ndependencies:\n  - google_tag:google_tag (>= 2)\n"
    assert packages("clinic.info.yml", text) == ["drupal:google_tag 4:5"]


def test_apps_that_a_shopify_theme_shows() -> None:
    text = """/* written by the editor */
{"current": {"blocks": {
  "1": {"type": "shopify:\\/\\/apps\\/klaviyo\\/blocks\\/form\\/1", "disabled": false},
  "2": {"type": "shopify://apps/hotjar/blocks/code/2", "disabled": true}}}}"""
    assert packages("config/settings_data.json", text) == ["shopify:klaviyo 3:18"]


# ---------------------------------------------------------------- Java, Kotlin, .NET


POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <properties><vendor>com.mixpanel</vendor></properties>
  <dependencyManagement><dependencies><dependency>
    <groupId>io.sentry</groupId><artifactId>sentry</artifactId>
  </dependency></dependencies></dependencyManagement>
  <dependencies>
    <!-- <dependency><groupId>com.c</groupId><artifactId>commented</artifactId></dependency> -->
    <dependency>
      <groupId>${vendor}</groupId>
      <artifactId>mixpanel-java</artifactId>
    </dependency>
    <dependency>
      <groupId>com.amplitude</groupId><artifactId>java-sdk</artifactId><scope>test</scope>
    </dependency>
  </dependencies>
</project>
"""


def test_a_pom_is_read_without_tests_and_without_what_is_only_managed() -> None:
    assert packages("pom.xml", POM) == ["maven:com.mixpanel:mixpanel-java 10:19"]


def test_entities_of_a_pom_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("com.mixpanel")
    text = f'<!DOCTYPE p [<!ENTITY s SYSTEM "{secret.as_uri()}">]>' + POM.replace(
        "${vendor}", "&s;"
    )
    assert names("pom.xml", text) == ["maven::mixpanel-java"]


def test_a_gradle_build_is_read_without_tests_debug_builds_and_its_own_tools() -> None:
    text = """\
buildscript { dependencies { classpath 'com.tool:plugin:1' } }
// implementation 'com.comment:c:1'
dependencies {
    implementation "com.google.firebase:firebase-analytics:$version"
    implementation platform('com.google.firebase:firebase-bom:32.0.0')
    debugImplementation 'com.debug:d:1'
    testImplementation("com.amplitude:java-sdk:1")
    releaseImplementation group: 'com.mixpanel.android', name: 'mixpanel-android', version: '7'
    implementation(project(":core")) { exclude group: 'a', module: 'b' }
}
"""
    assert packages("app/build.gradle", text) == [
        "gradle:com.google.firebase:firebase-analytics 4:20",
        "gradle:com.google.firebase:firebase-bom 5:29",
        "gradle:com.mixpanel.android:mixpanel-android 8:64",
    ]


def test_a_gradle_coordinate_is_the_same_as_mavens() -> None:
    parsed = parse(
        Source(
            "build.gradle.kts", b'dependencies { implementation("com.mixpanel:mixpanel-java:1") }'
        ),
        LOADED.vocabulary,
    )
    found = [each.vendor for fact in parsed.facts for each in Matcher(LOADED).detect(fact)]
    assert found == ["mixpanel"]


def test_a_build_file_asks_for_what_the_catalogue_names(tmp_path: Path) -> None:
    (tmp_path / "gradle").mkdir()
    (tmp_path / "gradle" / "libs.versions.toml").write_text(
        '[libraries]\nfirebase-analytics = { module = "com.google.firebase:firebase-analytics" }\n'
    )
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "build.gradle.kts").write_text(
        "dependencies {\n    implementation(libs.firebase.analytics)\n"
        "    implementation(libs.unknown)\n    testImplementation(libs.firebase.analytics)\n}\n"
    )
    assert trackers(tmp_path) == [
        "app/build.gradle.kts:2 firebase-analytics package",
        "gradle/libs.versions.toml:2 firebase-analytics package",
    ]


def test_dotnet_projects_are_read_without_what_developers_use() -> None:
    text = """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>
  <PackageReference Include="Google.Ads.GoogleAds" Version="1" />
  <PackageReference Include="StyleCop" PrivateAssets="all" />
  <PackageReference Include="Coverlet"><PrivateAssets>all</PrivateAssets></PackageReference>
</ItemGroup></Project>"""
    assert packages("web/Web.csproj", text) == ["nuget:google.ads.googleads 2:30"]
    assert names("web/Web.Tests.csproj", text) == []
    text = (
        '<packages><package id="Sentry"/><package id="X" developmentDependency="true"/></packages>'
    )
    assert names("packages.config", text) == ["nuget:sentry"]
    text = (
        '<Project><ItemGroup><PackageVersion Include="Sentry" Version="4"/></ItemGroup></Project>'
    )
    assert names("Directory.Packages.props", text) == ["nuget:sentry"]


# ---------------------------------------------------------------- Swift and Dart


def test_a_swift_package_names_repositories_and_their_products() -> None:
    text = """\
// .package(url: "https://github.com/commented/out", from: "1.0.0")
let package = Package(name: "Clinic", dependencies: [
  .package(url: "https://github.com/mixpanel/mixpanel-swift.git", from: "4.0.0"),
  .package(url: "git@github.com:firebase/firebase-ios-sdk.git", from: "10.0.0"),
], targets: [
  .target(name: "A", dependencies: [
    .product(name: "FirebaseAnalytics", package: "firebase-ios-sdk")]),
  .testTarget(name: "T", dependencies: [
    .product(name: "FirebaseCrashlytics", package: "firebase-ios-sdk")]),
])
"""
    assert names("Package.swift", text) == [
        "swiftpm:github.com/mixpanel/mixpanel-swift",
        "swiftpm:github.com/firebase/firebase-ios-sdk",
        "swiftpm:github.com/firebase/firebase-ios-sdk/firebaseanalytics",
    ]


def test_an_xcode_project_names_its_packages() -> None:
    text = (
        "A1 /* X */ = {\n\tisa = XCRemoteSwiftPackageReference;\n"
        '\trepositoryURL = "https://github.com/amplitude/Amplitude-Swift";\n};\n'
    )
    assert names("App.xcodeproj/project.pbxproj", text) == [
        "swiftpm:github.com/amplitude/amplitude-swift"
    ]


def test_a_cartfile_names_repositories() -> None:
    text = (
        'github "mixpanel/mixpanel-swift" ~> 4.0\n# github "commented/out"\n'
        'git "https://github.com/amplitude/Amplitude-iOS.git"\n'
    )
    assert packages("Cartfile", text) == [
        "swiftpm:github.com/mixpanel/mixpanel-swift 1:9",
        "swiftpm:github.com/amplitude/amplitude-ios 3:6",
    ]


def test_a_pubspec_lock_tells_what_is_direct() -> None:
    text = (
        'packages:\n  mixpanel_flutter:\n    dependency: "direct main"\n'
        '  async:\n    dependency: transitive\n  test:\n    dependency: "direct dev"\n'
    )
    assert packages("pubspec.lock", text) == ["pub:mixpanel_flutter 2:3"]


def test_a_pubspec_is_read_without_what_developers_use() -> None:
    text = (
        "name: clinic\ndependencies:\n  flutter:\n    sdk: flutter\n  firebase_analytics: ^10\n"
        "dev_dependencies:\n  mixpanel_flutter: ^2\n"
    )
    assert packages("pubspec.yaml", text) == ["pub:flutter 3:3", "pub:firebase_analytics 5:3"]


# ---------------------------------------------------------------- Elixir and Rust


def test_a_mix_project_is_read_without_what_developers_use() -> None:
    text = """\
defmodule Clinic.MixProject do
  use Mix.Project

  def project do
    [app: :clinic, deps: deps(), aliases: [{:setup, "run"}]]
  end

  # {:commented, "~> 1.0"}
  defp deps do
    [
      {:mixpanel_api_ex, "~> 1.2"}, # {:commented, "~> 1.0"}
      {:ldclient, "~> 3.0", hex: :launchdarkly_server_sdk},
      {:posthog, git: "https://github.com/posthog/posthog-elixir#main", only: [:prod, :test]},
      {:credo, "~> 1.7", only: [:dev, :test], runtime: false},
      {:mox, "~> 1.0", only: :test}
    ]
  end

  defp aliases do
    [{:other, "~> 1.0"}]
  end
end
"""
    assert packages("mix.exs", text) == [
        "hex:mixpanel_api_ex 11:9",
        "hex:launchdarkly_server_sdk 12:9",
        "hex:posthog 13:9",
    ]
    assert names("mix.exs", 'defp deps, do: [{:segment, "~> 0.2"}]\n') == ["hex:segment"]


def test_a_mix_lock_tells_what_no_other_package_needs() -> None:
    text = (
        '%{\n  "jason": {:hex, :jason, "1.4", "a", [:mix], [], "hexpm", "b"},\n'
        '  "posthog": {:hex, :posthog, "2.0", "a", [:mix], '
        '[{:jason, "~> 1.4", [hex: :jason, repo: "hexpm", optional: false]}, '
        '{:sentry, "~> 10", [hex: :sentry, repo: "hexpm", optional: true]}], "hexpm", "b"},\n'
        '  "sentry": {:hex, :sentry, "10.1", "a", [:mix], [], "hexpm", "b"},\n}\n'
    )
    assert packages("mix.lock", text) == ["hex:posthog 3:4", "hex:sentry 4:4"]


def test_a_cargo_manifest_is_read_without_what_builds_and_tests_use() -> None:
    text = """\
[package]
name = "sentry-of-clinic"

[dev-dependencies]
posthog-rs = "0.3"

[dependencies]
sentry = { version = "0.34" }
events = { package = "posthog_rs", version = "0.3" }

[target.'cfg(unix)'.dependencies]
analytics = "0.2"

[build-dependencies]
cc = "1"
"""
    assert packages("Cargo.toml", text) == [
        "cargo:sentry 8:1",
        "cargo:posthog-rs 9:1",
        "cargo:analytics 12:1",
    ]


def test_a_cargo_lock_tells_what_the_program_itself_asks_for() -> None:
    text = """\
[[package]]
name = "clinic"
version = "0.1.0"
dependencies = ["sentry 0.34.0", "clinic-core"]

[[package]]
name = "clinic-core"
version = "0.1.0"

[[package]]
name = "sentry"
version = "0.34.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = ["sentry-core"]

[[package]]
name = "sentry-core"
version = "0.34.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
"""
    assert packages("Cargo.lock", text) == ["cargo:sentry 11:9"]


def test_a_nuget_lock_tells_what_is_direct() -> None:
    text = """\
{"version": 1, "dependencies": {
  "net8.0": {
    "Sentry": {"type": "Direct", "resolved": "4.0.0"},
    "Segment.Analytics.CSharp": {"type": "Transitive"}
  },
  "net9.0": {"Sentry": {"type": "Direct"}}
}}
"""
    assert packages("web/packages.lock.json", text) == ["nuget:sentry 3:5"]
    beside = {"web/packages.lock.json", "web/Web.csproj"}
    assert is_idle("web/packages.lock.json", beside)
    assert not is_idle("web/packages.lock.json", {"web/packages.lock.json", "web/a/Web.csproj"})


# ---------------------------------------------------------------- all of them


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("package.json", '{"dependencies": ', "not valid JSON"),
        ("package.json", "[" * 100_000, "nested too deeply"),
        ("composer.json", "{'require': {}}", "not valid JSON"),
        ("pyproject.toml", "[project", "not valid TOML"),
        ("Pipfile", "= 1", "not valid TOML"),
        ("gradle/libs.versions.toml", "[libraries", "not valid TOML"),
        ("setup.cfg", "no section", "not valid"),
        ("pom.xml", "<project><dependency>", "not valid XML"),
        ("Web.csproj", "", "not valid XML"),
        ("pubspec.yaml", "a: [b", "not valid YAML"),
        ("core.extension.yml", "a: b: c", "not valid YAML"),
        ("yarn.lock", "__metadata:\n  a: [b\n", "not valid YAML"),
        ("bun.lock", "{", "not valid JSON"),
        ("poetry.lock", "[[package]", "not valid TOML"),
        ("pubspec.lock", "a: [b", "not valid YAML"),
        ("config/settings_data.json", "{", "not valid JSON"),
        ("Cargo.toml", "[dependencies", "not valid TOML"),
        ("Cargo.lock", "[[package]", "not valid TOML"),
        ("packages.lock.json", "{", "not valid JSON"),
    ],
)
def test_a_broken_manifest_ends_in_one_clear_skip(path: str, text: str, reason: str) -> None:
    parsed = parse(Source(path, text.encode()), LOADED.vocabulary)
    assert parsed.facts == ()
    (skip,) = parsed.skips
    assert isinstance(skip, Skip)
    assert reason in skip.reason


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package.json", "[1]"),
        ("package.json", '{"dependencies": ["a"]}'),
        ("composer.json", '{"require": 1}'),
        ("composer.lock", '{"packages": {"a": 1}}'),
        ("Pipfile.lock", "[]"),
        ("pyproject.toml", "project = 1\ntool = []\n"),
        ("libs.versions.toml", "libraries = 1"),
        ("pubspec.yaml", ""),
        ("pubspec.yaml", "- a\n- b\n"),
        ("core.extension.yml", "module: 1"),
        ("config/settings_data.json", '{"current": "Default"}'),
        ("Gemfile", "group :a do\n" * 3000),
        ("yarn.lock", "# yarn lockfile v1\n\n\n"),
        ("yarn.lock", ":\n  version 1\n"),
        ("bun.lock", '{"workspaces": []}'),
        ("uv.lock", "package = 1\n"),
        ("poetry.lock", "[[package]]\nname = 1\n[[package]]\n"),
        ("pubspec.lock", "packages: 1"),
        ("go.mod", "module clinic\n\nrequire (\n"),
        ("pom.xml", "<a/>"),
        ("mix.exs", "defp deps do\n  [{:posthog"),
        ("mix.lock", "%{}"),
        ("Cargo.toml", "dependencies = 1\ntarget = {a = 1}\n"),
        ("Cargo.lock", "package = 1\n"),
        ("packages.lock.json", '{"dependencies": {"net8.0": {"Sentry": 1}}}'),
        ("packages.lock.json", '{"dependencies": []}'),
    ],
)
def test_a_manifest_of_an_unusual_shape_asks_for_nothing(path: str, text: str) -> None:
    assert names(path, text) == []


@pytest.mark.parametrize(
    "path", ["go.sum", "notes.txt", "web/package.json.orig", "constraints.txt"]
)
def test_other_files_are_no_manifests(path: str) -> None:
    assert not is_readable(path)


def test_a_package_is_reported_where_it_is_chosen(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("mixpanel==4\n")
    (tmp_path / "requirements-dev.txt").write_text("posthog\n")
    (tmp_path / "events.py").write_text("import mixpanel\n")
    assert trackers(tmp_path) == ["requirements.txt:1 mixpanel package"]


def trackers(folder: Path) -> list[str]:
    """What a scan of the folder finds."""
    report = scan([folder], LOADED)
    return [
        f"{each.place.path}:{each.place.line} {each.vendor} {each.detection.role}"
        for each in report.site.trackers
    ]
