# Read by ./faultline and .ci/run: find_jdk prints the folder of a JDK of at least $needed_jdk, or fails.
# shellcheck shell=bash

needed_jdk=25
where_jdk="JAVA_HOME, on the PATH, in /usr/lib/jvm, /opt/java, /opt/jdk*, ~/.sdkman, ~/.jdks or /Library/Java/JavaVirtualMachines"

# The feature release of the JDK in folder $1. Its release file says so, which saves starting it.
release_of_jdk() {
    local release=
    if [ -r "$1/release" ]; then
        release=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
    fi
    if [ -z "$release" ]; then
        release=$("$1/bin/java" -version 2>&1 | sed -n 's/^[^"]*version "\([0-9]*\).*/\1/p' | head -n 1)
    fi
    printf '%s' "${release:-0}"
}

find_jdk() {
    local folders=() folder java
    [ -z "${JAVA_HOME:-}" ] || folders+=("$JAVA_HOME")
    if java=$(command -v java); then
        java=$(readlink -f "$java" 2>/dev/null || printf '%s' "$java")
        folders+=("${java%/bin/java}")
    fi
    folders+=(/usr/lib/jvm/* /opt/java/* /opt/jdk* ~/.sdkman/candidates/java/* ~/.jdks/*
        /Library/Java/JavaVirtualMachines/*/Contents/Home)
    for folder in "${folders[@]}"; do
        # A runtime without a compiler could run the jar but not build it.
        if [ -x "$folder/bin/java" ] && [ -x "$folder/bin/javac" ] \
            && [ "$(release_of_jdk "$folder")" -ge "$needed_jdk" ]; then
            printf '%s' "$folder"
            return 0
        fi
    done
    return 1
}
