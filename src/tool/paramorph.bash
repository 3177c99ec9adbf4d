# SPDX-License-Identifier: BSL-1.0
# Completion of paramorph(1) for bash.
_paramorph() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} options=
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W 'inspect diff convert header check picture --help --version' -- "$word")
        return
    fi
    case $before in
        --to) mapfile -t COMPREPLY < <(compgen -W 'float64 float32 float16 bfloat16' -- "$word"); return ;;
        --as) mapfile -t COMPREPLY < <(compgen -W 'float64 float32 float16 bfloat16 int8' -- "$word"); return ;;
        --names) mapfile -t COMPREPLY < <(compgen -W 'new old' -- "$word"); return ;;
        --atol | --rtol | --tolerance | --strip-prefix | --strip-part | --add-prefix | --rename | --name | --keep | --set) return ;;
    esac
    case $command in
        inspect) options='--no-sets' ;;
        diff) options='--atol --rtol' ;;
        convert) options='--to --strip-prefix --strip-part --add-prefix --rename --names' ;;
        header) options='--output -o --as --name --keep --strip-prefix' ;;
        check) options='--set --tolerance --finite' ;;
        picture) options='--output -o --dot --no-sets' ;;
    esac
    case $word in
        -*) mapfile -t COMPREPLY < <(compgen -W "$options --json --help" -- "$word") ;;
        *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    esac
}
complete -o filenames -F _paramorph paramorph
