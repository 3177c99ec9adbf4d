// Whether a function template that was refused takes the arguments at all. A call may be ill-formed because the
// parameters are others, which is to be said, or because of a mistake inside the body, which the compiler has shown by
// then: nothing more is to be said. So overload resolution is asked, which does not look into bodies, with a rival that
// is as good for the same number of arguments: the call is then ambiguous.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <type_traits>
#include <utility>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

struct rival {
    template <class, class = void>
    static int forward();
    template <class A, class = void>
    static int forward(A);
    template <class A, class B, class = void>
    static int forward(A, B);
    template <class A, class B, class C, class = void>
    static int forward(A, B, C);
    template <class A, class B, class C, class D, class = void>
    static int forward(A, B, C, D);
    template <class A, class B, class C, class D, class E, class = void>
    static int forward(A, B, C, D, E);
    template <class A, class B, class C, class D, class E, class F, class = void>
    static int forward(A, B, C, D, E, F);
};
// The same for forward<mode>.
template <class Mode>
struct rival_of_mode {
    template <Mode, class A, class = void>
    static int forward(A);
    template <Mode, class A, class B, class = void>
    static int forward(A, B);
    template <Mode, class A, class B, class C, class = void>
    static int forward(A, B, C);
    template <Mode, class A, class B, class C, class D, class = void>
    static int forward(A, B, C, D);
    template <Mode, class A, class B, class C, class D, class E, class = void>
    static int forward(A, B, C, D, E);
    template <Mode, class A, class B, class C, class D, class E, class F, class = void>
    static int forward(A, B, C, D, E, F);
};
// The same for a member function.
struct rival_member {
    template <class, class = void>
    int forward() const;
    template <class A, class = void>
    int forward(A) const;
    template <class A, class B, class = void>
    int forward(A, B) const;
    template <class A, class B, class C, class = void>
    int forward(A, B, C) const;
    template <class A, class B, class C, class D, class = void>
    int forward(A, B, C, D) const;
    template <class A, class B, class C, class D, class E, class = void>
    int forward(A, B, C, D, E) const;
};
struct rival_call {
    template <class A, class = void>
    int operator()(A) const;
    template <class A, class B, class = void>
    int operator()(A, B) const;
    template <class A, class B, class C, class = void>
    int operator()(A, B, C) const;
    template <class A, class B, class C, class D, class = void>
    int operator()(A, B, C, D) const;
    template <class A, class B, class C, class D, class E, class = void>
    int operator()(A, B, C, D, E) const;
};
template <class F, class Rival>
struct contest : F, Rival {
    using F::forward, Rival::forward;
};
template <class F>
struct contest<F, rival_call> : F, rival_call {
    using F::operator(), rival_call::operator();
};

// What is asked with: for clang another type than the call's, since a function with a mistake in its body is no
// candidate any more.
template <class X>
struct stand_in : X {
    using traced_type = X;
    X as_symbol() const;
};
#ifdef __clang__
template <class X>
using asked = std::conditional_t<std::is_class_v<X>, stand_in<X>, X>;
#else
template <class X>
using asked = X;
#endif

template <class F, class... X>
concept rival_forward_wins = requires(contest<F, rival> const& f, X... x) { f.forward(x...); };
template <class F, class... X>
concept rival_member_wins = requires(contest<F, rival_member> const& f, X... x) { f.forward(x...); };
template <class F, auto Mode, class... X>
concept rival_mode_wins =
    requires(contest<F, rival_of_mode<decltype(Mode)>> const& f, X... x) { f.template forward<Mode>(x...); };
template <class F, class... X>
concept rival_call_wins = requires(contest<F, rival_call> const& f, X... x) { f(x...); };
// Has F a member of this name?
struct forward_of_rival {
    int forward;
};
template <class F>
struct both_forwards : F, forward_of_rival {};
template <class F>
concept names_forward = std::is_class_v<F> && (std::is_final_v<F> || !requires { &both_forwards<F>::forward; });

// F's forward, or its call, and one that gives `none_such` where that does not take the arguments. So a call is tried,
// and a mistake inside of it shown, without a `requires`, for which clang would say three lines more.
struct none_such {};
template <class F, bool Named = names_forward<F> && !std::is_final_v<F>>
struct forward_or_none : F {
    using F::forward;
    static none_such forward(...);
    template <auto Mode>
    static none_such forward(...);
};
template <class F>
struct forward_or_none<F, false> {
    static none_such forward(...);
    template <auto Mode>
    static none_such forward(...);
};
struct call_of_rival {
    void operator()();
};
template <class F>
struct both_calls : F, call_of_rival {};
// Has F a call operator of its own?
template <class F>
concept names_call = !std::is_class_v<F> || std::is_final_v<F> || !requires { &both_calls<F>::operator(); };
template <class F, bool Named = names_call<F> && std::is_class_v<F> && !std::is_final_v<F>>
struct call_or_none : F {
    using F::operator();
    none_such operator()(...) const;
};
template <class F>
struct call_or_none<F, false> {
    none_such operator()(...) const;
};

// Does `f.forward(x...)` choose a forward of F's, whatever is wrong with its body?
template <class F, class... X>
constexpr bool forward_takes() {
    if constexpr (std::is_final_v<F> || !names_forward<F>)
        return false;
    else
        return !rival_forward_wins<F, asked<X>...>;
}
template <class F, auto Mode, class... X>
constexpr bool forward_in_mode_takes() {
    if constexpr (std::is_final_v<F> || !names_forward<F>)
        return false;
    else
        return !rival_mode_wins<F, Mode, asked<X>...>;
}
template <class F, class... X>
constexpr bool member_forward_takes() {
    if constexpr (std::is_final_v<F> || !names_forward<F>)
        return false;
    else if constexpr (!rival_member_wins<F, asked<X>...>)
        return true;
    else
        return !rival_forward_wins<F, asked<X>...>;  // where it is static
}
template <class F, class... X>
constexpr bool call_takes() {
    if constexpr (std::is_final_v<F>)
        return false;
    else
        return !rival_call_wins<F, asked<X>...>;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
