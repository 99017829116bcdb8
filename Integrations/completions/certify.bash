#!/bin/bash

__certify_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__certify_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__certify_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__certify_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_certify() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __certify_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    check|verify|attest|audit|prune|ablate|inspect|show|report|init|train|run|evaluate|data|help)
        # Offer subcommand argument completions
        "_certify_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'check verify attest audit prune ablate inspect show report init train run evaluate data help' -- "${cur}"))
        ;;
    esac
}

_certify_check() {
    repeating_flags=()
    non_repeating_flags=(--as-run --continuous --exit-zero --version -h --help)
    repeating_options=(--write)
    non_repeating_options=(--manifest --step --scheme --rate --format --policy --baseline --out --certificates --witness --tube)
    __certify_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--manifest')
        __certify_add_completions -f
        return
        ;;
    '--step')
        return
        ;;
    '--scheme')
        return
        ;;
    '--rate')
        return
        ;;
    '--format')
        __certify_add_completions -W 'text'$'\n''json'$'\n''sarif'$'\n''junit'$'\n''github'$'\n''markdown'
        return
        ;;
    '--write')
        return
        ;;
    '--policy')
        __certify_add_completions -f
        return
        ;;
    '--baseline')
        __certify_add_completions -f
        return
        ;;
    '--out')
        __certify_add_completions -f
        return
        ;;
    '--certificates')
        __certify_add_completions -d
        return
        ;;
    '--witness')
        __certify_add_completions -f
        return
        ;;
    '--tube')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __certify_add_completions -f
        return
        ;;
    esac
}

_certify_verify() {
    repeating_flags=()
    non_repeating_flags=(--replay --version -h --help)
    repeating_options=()
    non_repeating_options=(--manifest --step --scheme --format --key --attestation)
    __certify_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--manifest')
        __certify_add_completions -f
        return
        ;;
    '--step')
        return
        ;;
    '--scheme')
        return
        ;;
    '--format')
        __certify_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--key')
        __certify_add_completions -f
        return
        ;;
    '--attestation')
        __certify_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __certify_add_completions -f
        return
        ;;
    2)
        __certify_add_completions -f
        return
        ;;
    esac
}

_certify_attest() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--key --output -o --manifest --step --scheme)
    __certify_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--key')
        __certify_add_completions -f
        return
        ;;
    '--output'|'-o')
        __certify_add_completions -f
        return
        ;;
    '--manifest')
        __certify_add_completions -f
        return
        ;;
    '--step')
        return
        ;;
    '--scheme')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __certify_add_completions -f
        return
        ;;
    2)
        __certify_add_completions -f
        return
        ;;
    esac
}

_certify_audit() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __certify_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    models|metric|recipe|identity-coupling|orientation|theorem7|theorem6)
        # Offer subcommand argument completions
        "_certify_audit_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'models metric recipe identity-coupling orientation theorem7 theorem6' -- "${cur}"))
        ;;
    esac
}

_certify_audit_models() {
    repeating_flags=()
    non_repeating_flags=(--dual --exit-zero --version -h --help)
    repeating_options=(--write)
    non_repeating_options=(--manifest --step --format)
    __certify_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--manifest')
        __certify_add_completions -f
        return
        ;;
    '--step')
        return
        ;;
    '--format')
        __certify_add_completions -W 'text'$'\n''json'$'\n''sarif'$'\n''junit'$'\n''github'$'\n''markdown'
        return
        ;;
    '--write')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __certify_add_completions -f
        return
        ;;
    esac
}

_certify_audit_metric() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--metric --manifest --step --format)
    __certify_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--metric')
        __certify_add_completions -f
        return
        ;;
    '--manifest')
        __certify_add_completions -f
        return
        ;;
    '--step')
        return
        ;;
    '--format')
        __certify_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __certify_add_completions -f
        return
        ;;
    esac
}

_certify_audit_recipe() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--networks --format)
    __certify_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--networks')
        return
        ;;
    '--format')
        __certify_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_certify_audit_identity-coupling() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--a --format)
    __certify_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--a')
        return
        ;;
    '--format')
        __certify_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_certify_audit_orientation() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--gain --format)
    __certify_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--gain')
        return
        ;;
    '--format')
        __certify_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_certify_audit_theorem7() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--c --format)
    __certify_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--c')
        return
        ;;
    '--format')
        __certify_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac
}

_certify_audit_theorem6() {
    repeating_flags=()
    non_repeating_flags=(--slopes --version -h --help)
    repeating_options=()
    non_repeating_options=(--manifest --metric-p --trajectory --dt --activation --c --beta --format)
    __certify_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--manifest')
        __certify_add_completions -f
        return
        ;;
    '--metric-p')
        __certify_add_completions -f
        return
        ;;
    '--trajectory')
        __certify_add_completions -f
        return
        ;;
    '--dt')
        return
        ;;
    '--activation')
        return
        ;;
    '--c')
        return
        ;;
    '--beta')
        return
        ;;
    '--format')
        __certify_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __certify_add_completions -f
        return
        ;;
    esac
}

_certify_prune() {
    repeating_flags=()
    non_repeating_flags=(--report --as-run --continuous --version -h --help)
    repeating_options=()
    non_repeating_options=(--edges -o --output --certificate --manifest --step --scheme --format)
    __certify_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--edges')
        __certify_add_completions -f
        return
        ;;
    '-o'|'--output')
        __certify_add_completions -f
        return
        ;;
    '--certificate')
        __certify_add_completions -f
        return
        ;;
    '--manifest')
        __certify_add_completions -f
        return
        ;;
    '--step')
        return
        ;;
    '--scheme')
        return
        ;;
    '--format')
        __certify_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __certify_add_completions -f
        return
        ;;
    esac
}

_certify_ablate() {
    repeating_flags=()
    non_repeating_flags=(--report --as-run --continuous --version -h --help)
    repeating_options=(--rows --columns)
    non_repeating_options=(--units --module -o --output --certificate --manifest --step --scheme --format)
    __certify_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--units')
        return
        ;;
    '--module')
        return
        ;;
    '--rows')
        return
        ;;
    '--columns')
        return
        ;;
    '-o'|'--output')
        __certify_add_completions -f
        return
        ;;
    '--certificate')
        __certify_add_completions -f
        return
        ;;
    '--manifest')
        __certify_add_completions -f
        return
        ;;
    '--step')
        return
        ;;
    '--scheme')
        return
        ;;
    '--format')
        __certify_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __certify_add_completions -f
        return
        ;;
    esac
}

_certify_inspect() {
    repeating_flags=()
    non_repeating_flags=(--manifest-template --version -h --help)
    repeating_options=()
    non_repeating_options=(--manifest --format)
    __certify_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--manifest')
        __certify_add_completions -f
        return
        ;;
    '--format')
        __certify_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __certify_add_completions -f
        return
        ;;
    esac
}

_certify_show() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--format)
    __certify_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--format')
        __certify_add_completions -W 'text'$'\n''json'$'\n''svg'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __certify_add_completions -f
        return
        ;;
    esac
}

_certify_report() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --manifest --step --scheme --title --metrics --pictures)
    __certify_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __certify_add_completions -f
        return
        ;;
    '--manifest')
        __certify_add_completions -f
        return
        ;;
    '--step')
        return
        ;;
    '--scheme')
        return
        ;;
    '--title')
        return
        ;;
    '--metrics')
        __certify_add_completions -f
        return
        ;;
    '--pictures')
        __certify_add_completions -d
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __certify_add_completions -f
        return
        ;;
    esac
}

_certify_init() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output)
    __certify_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __certify_add_completions -f
        return
        ;;
    esac
}

_certify_train() {
    repeating_flags=()
    non_repeating_flags=(--resume --array --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --steps --threads --seed --memory --measure)
    __certify_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __certify_add_completions -f
        return
        ;;
    '--steps')
        return
        ;;
    '--threads')
        return
        ;;
    '--seed')
        return
        ;;
    '--memory')
        return
        ;;
    '--measure')
        return
        ;;
    esac
}

_certify_run() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--input -o --output --start --manifest --step --scheme --precision --threads --format)
    __certify_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--input')
        __certify_add_completions -f
        return
        ;;
    '-o'|'--output')
        __certify_add_completions -f
        return
        ;;
    '--start')
        return
        ;;
    '--manifest')
        __certify_add_completions -f
        return
        ;;
    '--step')
        return
        ;;
    '--scheme')
        return
        ;;
    '--precision')
        return
        ;;
    '--threads')
        return
        ;;
    '--format')
        __certify_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __certify_add_completions -f
        return
        ;;
    esac
}

_certify_evaluate() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--task --trials --seed --coding --manifest --step --scheme --threads --format)
    __certify_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--task')
        return
        ;;
    '--trials')
        return
        ;;
    '--seed')
        return
        ;;
    '--coding')
        return
        ;;
    '--manifest')
        __certify_add_completions -f
        return
        ;;
    '--step')
        return
        ;;
    '--scheme')
        return
        ;;
    '--threads')
        return
        ;;
    '--format')
        __certify_add_completions -W 'text'$'\n''json'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __certify_add_completions -f
        return
        ;;
    esac
}

_certify_data() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __certify_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|show|export)
        # Offer subcommand argument completions
        "_certify_data_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list show export' -- "${cur}"))
        ;;
    esac
}

_certify_data_list() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __certify_offer_flags_options 0
}

_certify_data_show() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --count --seed --coding)
    __certify_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __certify_add_completions -f
        return
        ;;
    '--count')
        return
        ;;
    '--seed')
        return
        ;;
    '--coding')
        return
        ;;
    esac
}

_certify_data_export() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --trials --seed)
    __certify_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __certify_add_completions -f
        return
        ;;
    '--trials')
        return
        ;;
    '--seed')
        return
        ;;
    esac
}

_certify_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __certify_offer_flags_options -1
}

complete -o filenames -F _certify certify
