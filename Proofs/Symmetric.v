(** Theorem 2: W = W^T (Swift: [Symmetric]; theory 1 and 3b). phi' > 0 is not needed.

        flow   aI - gW psd, 0 < a <= 1  ->  rate 1 - a,
               metric 2aI - gW (form inside), its inverse (form outside)
        Euler  c = 1 - h, |c| < rho, (rho - c)I - hgW and (rho + c)I + hgW psd  ->  factor rho,
               metric (rho^2 - c^2)I - hc gW (form inside), its inverse (form outside)

    The kernel asks for > 0 where psd is enough. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms FormTransfer.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Symmetric.
Variables (R : realFieldType) (n : nat) (g : R) (W : 'M[R]_n).
Hypothesis sW : symmetric W.

Lemma symmetric_shift a b : symmetric (a%:M + b *: W : 'M_n).
Proof. by rewrite /symmetric linearD linearZ /= tr_scalar_mx sW. Qed.

Lemma shift_form a b x y : bf (a%:M + b *: W) x y = a * dot x y + b * dot x (W *m y).
Proof. by rewrite bfMD bfMZ bfS. Qed.

Lemma W_adjoint x y : dot (W *m x) y = dot x (W *m y).
Proof. by rewrite dot_adjoint sW. Qed.

Lemma scalar_posdef (a : R) : 0 < a -> posdef (a%:M : 'M_n).
Proof. by move=> a0; rewrite -diag_const_mx; apply: diag_posdef => i; rewrite mxE. Qed.

(** ** Flow *)

Definition flow_metric a : 'M_n := (2%:R * a)%:M - g *: W.

Theorem symmetric_flow a : 0 < a -> nonneg (a%:M - g *: W) ->
  certifies (inside 0 g W 0) (flow_metric a) (1 - a).
Proof.
rewrite /flow_metric -scaleNr => a0 psd; split.
  have -> : (2%:R * a)%:M + - g *: W = a%:M + (a%:M + - g *: W).
    by rewrite addrA -raddfD /= mulr_natl mulr2n.
  by apply: posdef_add => //; [apply: scalar_posdef | apply: symmetric_shift].
move=> _ [d sd ->] e; set v := diag_mx d *m (W *m e).
have -> : (diag_mx d *m W + 0 - 1%:M) *m e = v - e by rewrite addr0 mulmxBl mul1mx -mulmxA.
have hv : 0 <= dot v (g *: (W *m e) - v) := sector1 _ sd.
have he := psd e; have hs := dot_ge0 (v - a *: e).
apply: (@le_by _ (dot (v - a *: e) (v - a *: e) + a * qf (a%:M + - g *: W) e
  + dot v (g *: (W *m e) - v))); last by rewrite !addr_ge0 // mulr_ge0 // ltW.
rewrite -!bf1 /qf !bfx !shift_form !bf1 -[dot e (W *m v)]W_adjoint.
by rewrite [dot (W *m e) v]dotC [dot e v]dotC; ring.
Qed.

Corollary symmetric_flow_outside a : 0 < a -> nonneg (a%:M - g *: W) ->
  certifies (outside 0 g W 0) (invmx (flow_metric a)) (1 - a).
Proof.
move=> a0 psd; apply/inside_of_outside; rewrite invmxK sW trmx0.
exact: symmetric_flow.
Qed.

(** ** Euler *)

Definition euler_metric rho h : 'M_n :=
  (rho ^+ 2 - (1 - h) ^+ 2)%:M - (h * (1 - h) * g) *: W.

Section Euler.
Variables rho h : R.
Let c := 1 - h.
Hypotheses (c_rho : `|c| < rho)
  (psd1 : nonneg ((rho - c)%:M - (h * g) *: W)) (psd2 : nonneg ((rho + c)%:M + (h * g) *: W)).

(** 2 M = (rho + c) ((rho - c)I - hgW) + (rho - c) ((rho + c)I + hgW). *)
Lemma euler_posdef : posdef (euler_metric rho h).
Proof.
have rho0 : 0 < rho by apply: le_lt_trans c_rho; rewrite normr_ge0.
have -> : euler_metric rho h = (rho * (rho - `|c|))%:M
    + ((rho * `|c| - c ^+ 2)%:M + - (h * c * g) *: W).
  by rewrite /euler_metric -/c addrA -raddfD /= scaleNr; congr (_%:M - _); ring.
apply: posdef_add; first by apply: scalar_posdef; rewrite mulr_gt0 ?subr_gt0.
  exact: symmetric_shift.
move=> x; have p1 := psd1 x; have p2 := psd2 x.
rewrite -scaleNr in p1; rewrite /qf !shift_form in p1 p2 *.
apply: (@le_by _ (((`|c| + c) * ((rho - c) * dot x x + - (h * g) * dot x (W *m x))
   + (`|c| - c) * ((rho + c) * dot x x + h * g * dot x (W *m x))) / 2%:R)).
  rewrite subr0; apply: (canRL (mulfK _)); first by rewrite pnatr_eq0.
  by have := real_normK (num_real c); move: `|c| => k k2; ring: k2.
apply: divr_ge0; last exact: ler0n.
apply: addr_ge0; apply: mulr_ge0 => //; last by rewrite subr_ge0 ler_norm.
by rewrite -ler_subl_addr sub0r -normrN ler_norm.
Qed.

Theorem symmetric_euler : contracts (euler h (inside 0 g W 0)) (euler_metric rho h) rho.
Proof.
split=> [|_ [_ [d sd ->] ->] e]; first exact: euler_posdef.
have /andP[rc1 rc2] : - rho <= c <= rho by rewrite -ler_norml ltW.
set v := diag_mx d *m (W *m e).
have -> : (1%:M + h *: (diag_mx d *m W + 0 - 1%:M)) *m e = c *: e + h *: v.
  rewrite mulmxDl -scalemxAl mulmxBl addr0 !mul1mx -mulmxA -/v /c.
  by rewrite scalerBr scalerBl scale1r; rewrite -[RHS]addrA [h *: v - _]addrC.
have hv : 0 <= dot v (g *: (W *m e) - v) := sector1 _ sd.
have h1 := psd1 (h *: v + (rho + c) *: e); have h2 := psd2 (h *: v - (rho - c) *: e).
have rho0 : 0 <= rho by apply: le_trans (normr_ge0 c) (ltW c_rho).
apply: (@le_by _ (((rho - c) * qf ((rho - c)%:M - (h * g) *: W) (h *: v + (rho + c) *: e)
  + (rho + c) * qf ((rho + c)%:M + (h * g) *: W) (h *: v - (rho - c) *: e)) / 2%:R
  + 2%:R * (h * rho) ^+ 2 * dot v (g *: (W *m e) - v))).
  rewrite /euler_metric -!scaleNr -!bf1 /qf !bfx !shift_form !bf1 -[dot e (W *m v)]W_adjoint.
  by rewrite [dot (W *m e) v]dotC [dot e v]dotC /c; field.
apply: addr_ge0; last by apply: mulr_ge0 hv; apply: mulr_ge0; [apply: ler0n | apply: sqr_ge0].
apply: divr_ge0; last exact: ler0n.
apply: addr_ge0; apply: mulr_ge0 => //; first by rewrite subr_ge0.
by rewrite addrC -ler_subl_addr sub0r.
Qed.

Corollary symmetric_euler_outside :
  contracts (euler h (outside 0 g W 0)) (invmx (euler_metric rho h)) rho.
Proof.
by have := euler_outside_of_inside symmetric_euler; rewrite sW trmx0.
Qed.

End Euler.
End Symmetric.
