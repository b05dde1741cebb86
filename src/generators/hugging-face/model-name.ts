/** `owner/name` of a model at the hub. It becomes part of an address, and so leads nowhere else. */
export const hubModelName = /^\w[\w.-]*\/\w[\w.-]*$/
